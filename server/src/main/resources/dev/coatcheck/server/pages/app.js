// What every page does: times that go on, new rows that show themselves, buttons that copy.

const root = document.documentElement;
root.classList.add("js");

export function relative(at, now) {
  const ahead = at > now;
  const seconds = Math.floor(Math.abs(now - at) / 1000);
  if (seconds < 2) return "now";
  const text =
    seconds < 60 ? `${seconds} s`
    : seconds < 3600 ? `${Math.floor(seconds / 60)} min`
    : seconds < 172800 ? `${Math.floor(seconds / 3600)} h`
    : `${Math.round(seconds / 86400)} d`;
  return ahead ? `in ${text}` : `${text} ago`;
}

export function duration(millis) {
  const ms = Math.max(0, Math.floor(millis));
  if (ms < 1000) return `${ms} ms`;
  if (ms < 10000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 60000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3600000) return `${Math.floor(ms / 60000)} min ${Math.floor(ms / 1000) % 60} s`;
  if (ms < 172800000) return `${Math.floor(ms / 3600000)} h ${Math.floor(ms / 60000) % 60} min`;
  return `${Math.floor(ms / 86400000)} d ${Math.floor(ms / 3600000) % 24} h`;
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function tick() {
  const now = Date.now();
  for (const element of document.querySelectorAll("time[data-relative]")) {
    put(element, relative(Date.parse(element.dateTime), now));
  }
  for (const element of document.querySelectorAll("[data-since]")) {
    // Whole seconds: tenths that change once a second would only flicker.
    const ms = now - Date.parse(element.dataset.since);
    put(element, ms < 60000 ? `${Math.max(0, Math.floor(ms / 1000))} s` : duration(ms));
  }
}

setInterval(tick, 1000);

const list = document.getElementById("jobs");
if (list) {
  const ids = () => [...list.querySelectorAll("tr[data-job]")].map((row) => row.dataset.job);
  let known = new Set(ids());
  new MutationObserver(() => {
    for (const row of list.querySelectorAll("tr[data-job]")) {
      if (!known.has(row.dataset.job)) row.classList.add("new");
    }
    known = new Set(ids());
  }).observe(list, { childList: true });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-copy]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copy)?.textContent ?? "";
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not allowed";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
});

// An open menu closes with Escape or a click elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.confirm[open], details.more[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.confirm[open], details.more[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

document.getElementById("faults")?.focus();
