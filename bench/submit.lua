-- wrk: hands a job in with every request.
wrk.method = "POST"
wrk.path = "/v1/jobs"
wrk.headers["Content-Type"] = "application/json"
wrk.body = os.getenv("BODY")
