"""A Coatcheck runner: leases jobs, works on each in a thread, tells what became of it."""
import http.client, json, os, signal, threading, time, urllib.error, urllib.request
URL, KEY = os.environ.get("COATCHECK_URL", "http://127.0.0.1:8080"), os.environ.get("COATCHECK_KEY", "")
WORKER, SLOTS = os.environ.get("WORKER", "enrich"), int(os.environ.get("CONCURRENCY", "4"))
held, stopping, runner = {}, threading.Event(), None  # held: lease token -> event that tells its attempt to stop

def post(path, body, patience=0, timeout=30):
    """(status, answer); asks again for so many seconds while nobody answers or the server says "not now"."""
    headers = {"Content-Type": "application/json", **({"Authorization": "Bearer " + KEY} if KEY else {})}
    request, end = urllib.request.Request(URL + path, json.dumps(body).encode(), headers), time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer: return answer.status, json.load(answer)
        except (OSError, http.client.HTTPException) as trouble: status = getattr(trouble, "code", 0)
        if status not in (0, 429, 502, 503, 504) or time.monotonic() > end: return status, {}
        time.sleep(0.5)

def work(given, offset, stop, tell):
    """The work itself: takes "seconds" to stream the words of "say"; "fail" and "crash" go wrong on purpose."""
    if given.get("crash"): os._exit(9)  # as a library does that takes the whole process with it
    words = given.get("say", "working on it").split()
    for n, word in enumerate(words):
        stop.wait(given.get("seconds", 0) / len(words))
        tell("output", {"offset": offset + n, "chunks": [word + " "]})
        tell("progress", {"fraction": (n + 1) / len(words), "stage": word})
    if given.get("fail"): raise ValueError(given["fail"])
    return {"said": " ".join(words), "pid": os.getpid()}

def run(lease, token, stop):
    def tell(verb, body, patience=600):  # longer than a lease: a server that was away has extended it
        if stop.is_set() or post(f"/v1/leases/{token}/{verb}", body, patience)[0] == 409: raise InterruptedError
    try: tell("complete", {"output": work(lease["job"]["input"], lease["output_offset"], stop, tell)})
    except InterruptedError: print(lease["job"]["id"], "canceled, timed out, or handed to somebody else", flush=True)
    except Exception as e:
        post(f"/v1/leases/{token}/fail", {"error": {"code": "worker_error", "message": str(e)}, "retryable": True}, 600)
    del held[token]

def beat(pace):
    """Lists what is held, so that it is extended, and hears what is to stop; a whole lease of silence stops all."""
    heard, every = time.monotonic(), pace["heartbeat_interval_ms"] / 1000
    while not time.sleep(every):
        now, leases = time.monotonic(), [{"lease_token": token} for token in list(held)]
        status, answer = post("/v1/runners/heartbeat", {"runner": pace["runner"], "leases": leases}, timeout=every)
        heard = now if status == 200 else heard
        stops = [told["lease_token"] for told in answer.get("leases", []) if told["state"] == "stop"]
        silent = time.monotonic() - heard > pace["lease_duration_ms"] / 1000
        for token in list(held) if silent else stops: held.get(token, threading.Event()).set()

signal.signal(signal.SIGTERM, lambda *_: stopping.set())
while not stopping.is_set():
    wish = {"runner": runner, "workers": [WORKER], "max": SLOTS - len(held), "wait": "5s"}
    status, answer = post("/v1/runners/lease", wish) if wish["max"] else (0, {})
    if status != 200: stopping.wait(1 if wish["max"] else 0.02)
    elif not runner: threading.Thread(target=beat, args=[answer], daemon=True).start()
    runner = answer.get("runner", runner)
    for lease in answer.get("leases", []):
        held[lease["lease_token"]] = stop = threading.Event()
        threading.Thread(target=run, args=[lease, lease["lease_token"], stop], daemon=True).start()
for _ in range(400): time.sleep(0.05 if held else 0)  # what is under way may finish within 20 s, the rest goes back
for token in list(held): post(f"/v1/leases/{token}/release", {}, patience=2)
