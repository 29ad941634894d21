package dev.coatcheck.server;

import dev.coatcheck.server.config.ServerConfig;
import dev.coatcheck.server.edge.Edge;
import dev.coatcheck.server.files.ContentRoutes;
import dev.coatcheck.server.files.FileDesk;
import dev.coatcheck.server.files.FileRoutes;
import dev.coatcheck.server.jobs.ChangeRoutes;
import dev.coatcheck.server.jobs.DebugRoutes;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.jobs.Intake;
import dev.coatcheck.server.jobs.ListRoutes;
import dev.coatcheck.server.jobs.Listing;
import dev.coatcheck.server.jobs.ReadRoutes;
import dev.coatcheck.server.jobs.RetryRoutes;
import dev.coatcheck.server.jobs.SubmitRoutes;
import dev.coatcheck.server.stream.EventRoutes;
import dev.coatcheck.server.system.PageRoutes;
import dev.coatcheck.server.system.SystemRoutes;
import dev.coatcheck.server.system.WorkerRoutes;
import java.util.List;
import java.util.Optional;

/** Every route there is. */
final class Routes {

  private Routes() {}

  static List<Route> of(Desk desk, FileDesk fileDesk, Edge edge, ServerConfig config) {
    Intake intake = new Intake(desk);
    SubmitRoutes submit = new SubmitRoutes(desk, intake, fileDesk);
    FileRoutes files = new FileRoutes(fileDesk);
    ReadRoutes read = new ReadRoutes(desk);
    WorkerRoutes workers = new WorkerRoutes(desk.engine(), desk.contracts());
    SystemRoutes system =
        new SystemRoutes(
            desk.engine(),
            new SystemRoutes.Facts(version(), edge.doorman().mode(), "sqlite"),
            desk::draining,
            desk.metrics());
    PageRoutes pages = new PageRoutes();
    return List.of(
        Route.get("/", "text/html", pages::home),
        Route.get("/health/live", system::live),
        Route.get("/health/ready", system::ready),
        Route.get("/metrics", "text/plain", system::metrics),
        Route.get("/v1/openapi.yaml", "application/yaml", pages::openapi),
        Route.get("/v1/system", system::system),
        Route.post("/v1/jobs", submit::submit),
        Route.get(
            "/v1/jobs",
            new ListRoutes(desk, new Listing(desk, config.indexedMetadata(), false))::list),
        Route.get("/v1/jobs/{id}", read::job),
        Route.get("/v1/jobs/{id}/result", read::result),
        Route.get("/v1/jobs/{id}/attempts", read::attempts),
        Route.get("/v1/jobs/{id}/debug", new DebugRoutes(desk)::debug),
        Route.get("/v1/jobs/{id}/events", "", new EventRoutes(desk, edge.watchdog())::events),
        Route.post("/v1/jobs/{id}/cancel", new ChangeRoutes(desk)::cancel),
        Route.post("/v1/jobs/{id}/retry", new RetryRoutes(desk, intake, submit)::retry),
        Route.post("/v1/files", files::upload),
        Route.get("/v1/files/{id}", files::file),
        Route.get("/v1/files/{id}/content", "", new ContentRoutes(fileDesk)::content),
        Route.get("/v1/workers", workers::list),
        Route.get("/v1/workers/{worker}", workers::worker),
        Route.post("/v1/workers/{worker}/jobs", submit::submitToWorker));
  }

  static String version() {
    return Optional.ofNullable(Routes.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
