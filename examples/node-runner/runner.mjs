// A Coatcheck runner: leases jobs, works on several at a time, tells what became of them.
import { setTimeout as sleep } from 'node:timers/promises';
const { COATCHECK_URL: url = 'http://127.0.0.1:8080', COATCHECK_KEY: key, WORKER: worker = 'enrich' } = process.env;
const slots = Number(process.env.CONCURRENCY ?? 4), stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
const held = new Map(); // lease token -> AbortController of its attempt

// [status, answer]; asks again for so many ms while nobody answers or the server says "not now".
async function post(path, body, patience = 0, timeout = 30_000) {
  const headers = { 'Content-Type': 'application/json', ...(key && { Authorization: `Bearer ${key}` }) };
  for (const end = Date.now() + patience; ; await sleep(500)) {
    const request = { method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.timeout(timeout) };
    const reply = await fetch(url + path, request).then(async (r) => [r.status, await r.json()]).catch(() => [0, {}]);
    if (![0, 429, 502, 503, 504].includes(reply[0]) || Date.now() > end) return reply;
  }
}

// The work itself: takes "seconds" to stream the words of "say"; "fail" and "crash" go wrong on purpose.
async function work({ seconds = 0, say = 'working on it', fail, crash }, offset, signal, tell) {
  if (crash) process.exit(9);
  const words = say.split(' ');
  for (const [n, word] of words.entries()) {
    await sleep((seconds * 1000) / words.length, null, { signal });
    await tell('output', { offset: offset + n, chunks: [word + ' '] });
    await tell('progress', { fraction: (n + 1) / words.length, stage: word });
  }
  if (fail) throw new Error(fail);
  return { said: words.join(' '), pid: process.pid };
}

function run({ lease_token: token, output_offset: offset, job }) {
  const attempt = held.set(token, new AbortController()).get(token);
  const tell = async (verb, body) => { // for longer than a lease: a server that was away has extended it
    const [status] = attempt.signal.aborted ? [409] : await post(`/v1/leases/${token}/${verb}`, body, 600_000);
    if (status === 409) throw attempt.abort(), attempt.signal.reason;
  };
  work(job.input, offset, attempt.signal, tell).then((output) => tell('complete', { output }))
    .catch((e) => tell('fail', { error: { code: 'worker_error', message: String(e.message) }, retryable: true }))
    .catch(() => console.log(job.id, 'canceled, timed out, or lost')).finally(() => held.delete(token));
}

async function beat({ runner, heartbeat_interval_ms: every, lease_duration_ms: lease }) {
  for (let heard = Date.now(); ; await sleep(every)) {
    const sent = Date.now(), leases = [...held.keys()].map((token) => ({ lease_token: token }));
    const [status, answer] = await post('/v1/runners/heartbeat', { runner, leases }, 0, every);
    for (const told of answer.leases ?? []) if (told.state === 'stop') held.get(told.lease_token)?.abort();
    if (status === 200) heard = sent; else if (Date.now() - heard > lease) for (const one of held.values()) one.abort();
  }
}

for (let runner = null; !stop.signal.aborted;) {
  const max = slots - held.size, wish = { runner, workers: [worker], max, wait: '5s' };
  const [status, answer] = max ? await post('/v1/runners/lease', wish) : [0, {}];
  if (status !== 200) await sleep(max ? 1000 : 20); else if (!runner) beat(answer);
  runner = answer.runner ?? runner;
  for (const lease of answer.leases ?? []) run(lease);
}
for (let n = 0; held.size && n < 400; n++) await sleep(50); // within 20 s all may finish, the rest goes back
for (const token of held.keys()) await post(`/v1/leases/${token}/release`, {}, 2000);
process.exit();
