// Hands a job in, then follows it: by its live events while they come, by polling when they do not.

const $ = id => document.getElementById(id);

$("form").addEventListener("submit", async event => {
  event.preventDefault();
  const job = await submit({ worker: "summarize", input: { text: $("text").value, sentences: 4 } });
  location.hash = job.id; // so that a reload, or a shared address, finds the job again
});
$("cancel").addEventListener("click", () => call(`api/v1/jobs/${current.id}/cancel`, { method: "POST" }).then(show));
addEventListener("hashchange", follow);
if (location.hash) follow();

let current; // the job that is shown

// A submission is repeated under the same key until it is known to have arrived: it can never make two jobs.
async function submit(body) {
  const key = crypto.randomUUID();
  for (let attempt = 0; ; attempt++) {
    try {
      return await call("api/v1/jobs", {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": key },
        body: JSON.stringify(body),
      });
    } catch (error) {
      if (attempt === 5 || !error.retryable) throw error;
      await sleep(error.retryAfter ?? 2 ** attempt);
    }
  }
}

async function follow() {
  const id = location.hash.slice(1);
  $("job").hidden = false;
  $("ticket").textContent = id;
  try {
    show(await call(`api/v1/jobs/${id}`));
    if (!current.done && !(await live(id))) await poll(id);
  } catch (error) {
    $("status").textContent = error.message;
  }
}

// Resolves true when the job is done, false when live events cannot be had. EventSource reconnects on its own after
// a break and tells the server the last id it saw, so nothing is missed.
function live(id) {
  return new Promise(resolve => {
    $("way").textContent = "live";
    const source = new EventSource(`api/v1/jobs/${id}/events`);
    const end = done => { source.close(); resolve(done); };
    let breaks = 0;
    source.addEventListener("snapshot", event => { breaks = 0; show(JSON.parse(event.data).job); });
    source.addEventListener("status", event => patch(JSON.parse(event.data)));
    source.addEventListener("progress", event => patch({ progress: JSON.parse(event.data) }));
    source.addEventListener("done", async () => { show(await call(`api/v1/jobs/${id}`)); end(true); });
    source.onerror = () => { if (source.readyState === EventSource.CLOSED || ++breaks === 3) end(false); };
  });
}

// Asks again when the server says that it is worth while: it knows how long jobs of this worker take.
async function poll(id) {
  $("way").textContent = "polling";
  while (location.hash.slice(1) === id && !current.done) {
    await sleep(current.retryAfter ?? 2);
    show(await call(`api/v1/jobs/${id}`));
  }
}

async function call(url, options) {
  let answer;
  try {
    answer = await fetch(url, options);
  } catch {
    throw Object.assign(new Error("The server cannot be reached."), { retryable: true });
  }
  const retryAfter = Number(answer.headers.get("Retry-After")) || undefined;
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw Object.assign(new Error(body.detail ?? `The server answered ${answer.status}.`),
        { retryable: body.retryable ?? answer.status >= 500, retryAfter });
  }
  return { ...body, retryAfter };
}

function patch(change) {
  show({ ...current, ...change, id: current.id });
}

function show(job) {
  current = job;
  $("status").textContent = job.status;
  $("stage").textContent = job.done ? "" : job.progress?.message ?? job.progress?.stage ?? "";
  $("progress").hidden = job.done;
  if (job.progress?.fraction != null) $("progress").value = job.progress.fraction;
  $("cancel").hidden = job.done;
  // Text, never HTML: what a job gives back is as trustworthy as what was handed in.
  const output = job.output ?? null;
  $("result").textContent = job.error?.message ?? output?.summary ?? (output && JSON.stringify(output, null, 2)) ?? "";
}

function sleep(seconds) {
  return new Promise(resolve => setTimeout(resolve, seconds * 1000));
}
