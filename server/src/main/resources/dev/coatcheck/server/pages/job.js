// Follows one job: progress, events and streamed output as they come. All of it is put in as text.

const LISTED = 300;
const STREAMED = 200000;
const PATIENCE = 3;

const job = document.getElementById("job");
const events = document.getElementById("events");
const stream = document.getElementById("stream");
const streamed = document.getElementById("streamed");
let epoch = Number(job.dataset.epoch);
let failures = 0;
let polling = 0;

const words = (name) => String(name ?? "").replaceAll("_", " ");

function progress(event) {
  const parts = [event.stage, event.message].filter(Boolean);
  const percent = event.fraction == null ? null : Math.floor(event.fraction * 100);
  return { percent, text: parts.join(" · ") };
}

function say(event) {
  switch (event.type) {
    case "status":
      return [words(event.status), words(event.wait_reason), event.attempt > 0 ? `attempt ${event.attempt}` : ""]
        .filter(Boolean).join(", ");
    case "progress": {
      const { percent, text } = progress(event);
      return [percent == null ? "" : `${percent} %`, text].filter(Boolean).join(" · ");
    }
    case "log":
      return `${event.level}: ${event.message}`;
    case "file":
      return event.file?.id ?? "";
    case "error":
      return `attempt ${event.attempt}: ${event.error?.code}, ${event.error?.message}`;
    default:
      return words(event.status);
  }
}

function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

function list(event) {
  const item = document.createElement("li");
  item.className = /^[a-z]+$/.test(event.type) ? event.type : "";
  const time = element("time", event.at.slice(11, 23));
  time.className = "num";
  time.dateTime = event.at;
  item.append(time, element("b", event.type), element("span", say(event)));
  const atEnd = events.scrollHeight - events.scrollTop - events.clientHeight < 40;
  events.append(item);
  while (events.children.length > LISTED) events.firstElementChild.remove();
  if (atEnd) events.scrollTop = events.scrollHeight;
}

function output(event) {
  if (event.epoch > epoch) {
    epoch = event.epoch;
    streamed.textContent = "";
  }
  if (event.epoch === epoch && streamed.textContent.length < STREAMED) {
    streamed.append(event.chunks.join(""));
  }
  stream.hidden = false;
}

function show(event) {
  const { percent, text } = progress(event);
  const bar = document.getElementById("bar");
  if (!bar) return;
  if (percent != null) {
    bar.value = percent;
    document.getElementById("percent").textContent = `${percent} %`;
  }
  document.getElementById("stage").textContent = text;
}

/** Has htmx fetch the part of the page that changes. */
function refresh() {
  document.body && window.htmx?.trigger(job, "job-changed");
}

function poll() {
  if (polling) return;
  polling = setInterval(() => {
    if (document.querySelector("#bar")) refresh();
    else clearInterval(polling);
  }, 3000);
}

function follow() {
  events.scrollTop = events.scrollHeight;
  const source = new EventSource(`/v1/jobs/${job.dataset.job}/events?after=${job.dataset.after}`);
  const on = (type, take) =>
    source.addEventListener(type, (message) => {
      if (message.data === undefined) return;
      failures = 0;
      take(JSON.parse(message.data));
    });
  on("progress", (event) => { list(event); show(event); });
  on("log", list);
  on("file", list);
  on("output", output);
  on("status", (event) => { list(event); refresh(); });
  on("error", (event) => { list(event); refresh(); });
  on("done", (event) => { list(event); source.close(); refresh(); });
  source.onerror = (message) => {
    if (message.data !== undefined) return;
    failures += 1;
    if (source.readyState === EventSource.CLOSED || failures >= PATIENCE) {
      source.close();
      poll();
    }
  };
}

if (job.dataset.done !== "true") follow();
