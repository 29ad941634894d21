package dev.coatcheck.server;

import dev.coatcheck.server.backup.BackupRoutes;
import dev.coatcheck.server.backup.Backups;
import dev.coatcheck.server.bulk.CancelManyRoutes;
import dev.coatcheck.server.bulk.DeadLetterRoutes;
import dev.coatcheck.server.bulk.LetterListing;
import dev.coatcheck.server.bulk.OperationRoutes;
import dev.coatcheck.server.callbacks.CallbackRoutes;
import dev.coatcheck.server.config.ServerConfig;
import dev.coatcheck.server.edge.Edge;
import dev.coatcheck.server.files.ContentRoutes;
import dev.coatcheck.server.files.FileDesk;
import dev.coatcheck.server.files.FileRoutes;
import dev.coatcheck.server.jobs.BulkRoutes;
import dev.coatcheck.server.jobs.ChangeRoutes;
import dev.coatcheck.server.jobs.DebugRoutes;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.jobs.Intake;
import dev.coatcheck.server.jobs.ListRoutes;
import dev.coatcheck.server.jobs.Listing;
import dev.coatcheck.server.jobs.ReadRoutes;
import dev.coatcheck.server.jobs.RetryRoutes;
import dev.coatcheck.server.jobs.SubmitRoutes;
import dev.coatcheck.server.pages.Assets;
import dev.coatcheck.server.pages.DeadLettersPage;
import dev.coatcheck.server.pages.JobPage;
import dev.coatcheck.server.pages.JobsPage;
import dev.coatcheck.server.pages.LoginPage;
import dev.coatcheck.server.pages.Pages;
import dev.coatcheck.server.pages.SchedulesPage;
import dev.coatcheck.server.pages.WorkersPage;
import dev.coatcheck.server.runners.CompleteRoutes;
import dev.coatcheck.server.runners.EndRoutes;
import dev.coatcheck.server.runners.HeartbeatRoutes;
import dev.coatcheck.server.runners.LeaseRoutes;
import dev.coatcheck.server.runners.ReportRoutes;
import dev.coatcheck.server.schedules.ScheduleRoutes;
import dev.coatcheck.server.stream.EventRoutes;
import dev.coatcheck.server.system.ApiDescription;
import dev.coatcheck.server.system.SystemRoutes;
import dev.coatcheck.server.workers.DefinitionRoutes;
import dev.coatcheck.server.workers.WorkerRoutes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every route there is. */
final class Routes {

  private Routes() {}

  /** The routes of the API. */
  static List<Route> api(Desk desk, FileDesk fileDesk, Edge edge, ServerConfig config) {
    List<Route> routes = new ArrayList<>(runners(desk, config));
    routes.addAll(jobs(desk, fileDesk, edge, config));
    routes.addAll(schedules(desk));
    routes.addAll(bulk(desk, config));
    return routes;
  }

  private static List<Route> schedules(Desk desk) {
    ScheduleRoutes schedules = new ScheduleRoutes(desk, new Intake(desk));
    return List.of(
        Route.get("/v1/schedules", schedules::list),
        Route.get("/v1/schedules/{name}", schedules::get),
        Route.put("/v1/schedules/{name}", schedules::put),
        Route.delete("/v1/schedules/{name}", schedules::delete),
        Route.post("/v1/schedules/{name}/run", schedules::run));
  }

  /** What is done to many jobs. */
  private static List<Route> bulk(Desk desk, ServerConfig config) {
    DeadLetterRoutes letters = new DeadLetterRoutes(desk, new LetterListing(desk));
    return List.of(
        Route.get("/v1/dead-letters", letters::list),
        Route.get("/v1/dead-letters/groups", letters::groups),
        Route.post("/v1/dead-letters:redrive", letters::redrive),
        Route.post("/v1/dead-letters:discard", letters::discard),
        Route.post("/v1/jobs:cancel", new CancelManyRoutes(desk, config.indexedMetadata())::cancel),
        Route.get("/v1/operations/{id}", new OperationRoutes(desk)::operation));
  }

  private static List<Route> runners(Desk desk, ServerConfig config) {
    LeaseRoutes leases = new LeaseRoutes(desk);
    ReportRoutes reports = new ReportRoutes(desk.engine().lender(), config.outputMax());
    EndRoutes ends = new EndRoutes(desk.engine().lender());
    CompleteRoutes complete = new CompleteRoutes(desk, config.outputMax());
    CallbackRoutes callbacks = new CallbackRoutes(desk.engine().receiver());
    return List.of(
        Route.post("/v1/callbacks/{token}", callbacks::callback),
        Route.post("/v1/runners/lease", leases::lease),
        Route.post("/v1/runners/heartbeat", new HeartbeatRoutes(desk)::heartbeat),
        Route.post("/v1/leases/{token}/progress", reports::progress),
        Route.post("/v1/leases/{token}/log", reports::log),
        Route.post("/v1/leases/{token}/output", reports::output),
        Route.post("/v1/leases/{token}/usage", reports::usage),
        Route.post("/v1/leases/{token}/complete", complete::complete),
        Route.post("/v1/leases:complete", complete::completeMany),
        Route.post("/v1/leases/{token}/fail", ends::fail),
        Route.post("/v1/leases/{token}/busy", ends::busy),
        Route.post("/v1/leases/{token}/suspend", ends::suspend),
        Route.post("/v1/leases/{token}/release", ends::release));
  }

  private static List<Route> jobs(Desk desk, FileDesk fileDesk, Edge edge, ServerConfig config) {
    Intake intake = new Intake(desk);
    SubmitRoutes submit = new SubmitRoutes(desk, intake, fileDesk);
    FileRoutes files = new FileRoutes(fileDesk);
    ReadRoutes read = new ReadRoutes(desk);
    WorkerRoutes workers = new WorkerRoutes(desk.engine(), desk.contracts());
    DefinitionRoutes definitions = new DefinitionRoutes(desk);
    SystemRoutes system =
        new SystemRoutes(desk.engine(), facts(config, edge), desk::draining, desk.metrics());
    return List.of(
        Route.get("/health/live", system::live),
        Route.get("/health/ready", system::ready),
        Route.get("/metrics", "text/plain", system::metrics),
        Route.get("/v1/openapi.yaml", "application/yaml", new ApiDescription()::openapi),
        Route.get("/v1/system", system::system),
        Route.post("/v1/jobs", submit::submit),
        Route.post(
            "/v1/jobs:bulk",
            new BulkRoutes(desk, intake, config.bulkMax(), config.bodyMax())::bulk),
        Route.get(
            "/v1/jobs",
            new ListRoutes(desk, new Listing(desk, config.indexedMetadata(), false))::list),
        Route.get("/v1/jobs/{id}", read::job),
        Route.get("/v1/jobs/{id}/result", read::result),
        Route.get("/v1/jobs/{id}/attempts", read::attempts),
        Route.get("/v1/jobs/{id}/debug", new DebugRoutes(desk)::debug),
        Route.get("/v1/jobs/{id}/events", "", new EventRoutes(desk, edge.watchdog())::events),
        Route.post("/v1/jobs/{id}/cancel", new ChangeRoutes(desk)::cancel),
        Route.post("/v1/jobs/{id}/retry", new RetryRoutes(desk, intake)::retry),
        Route.post("/v1/files", files::upload),
        Route.get("/v1/files/{id}", files::file),
        Route.get("/v1/files/{id}/content", "", new ContentRoutes(fileDesk)::content),
        Route.get("/v1/workers", workers::list),
        Route.get("/v1/workers/{worker}", workers::worker),
        Route.put("/v1/workers/{worker}", definitions::put),
        Route.delete("/v1/workers/{worker}", definitions::delete),
        Route.post("/v1/workers/{worker}/pause", definitions::pause),
        Route.post("/v1/workers/{worker}/resume", definitions::resume),
        Route.post("/v1/workers/{worker}/jobs", submit::submitToWorker));
  }

  /** The route that gives everything away, as it is. */
  static Route backup(Optional<Backups> backups) {
    BackupRoutes routes = new BackupRoutes(backups, version());
    return Route.post("/v1/backup", BackupRoutes.TYPE, routes::backup);
  }

  /** The pages for people, and what they need. */
  static List<Route> pages(Desk desk, Edge edge, ServerConfig config, Pages pages, Assets assets) {
    Intake intake = new Intake(desk);
    RetryRoutes retry = new RetryRoutes(desk, intake);
    JobsPage jobs = new JobsPage(desk, pages, edge.watchdog(), config.indexedMetadata());
    JobPage job = new JobPage(desk, pages, new ChangeRoutes(desk), retry);
    WorkersPage workers = new WorkersPage(desk, pages, intake, new DefinitionRoutes(desk));
    SchedulesPage schedules =
        new SchedulesPage(desk, pages, intake, new ScheduleRoutes(desk, intake));
    DeadLettersPage letters = new DeadLettersPage(desk, pages, new LetterListing(desk));
    LoginPage login = new LoginPage(pages, edge.sessions());
    return List.of(
        Route.page("/", jobs::home),
        Route.page("/jobs/{id}", job::job),
        Route.form("/jobs/{id}/cancel", job::cancel),
        Route.form("/jobs/{id}/retry", job::retry),
        Route.page("/jobs/{id}/edit", job::edit),
        Route.form("/jobs/{id}/edit", job::retryEdited),
        Route.page("/dead-letters", letters::letters),
        Route.form("/dead-letters/redrive", letters::redrive),
        Route.form("/dead-letters/discard", letters::discard),
        Route.page("/login", login::login),
        Route.form("/login", login::begin),
        Route.form("/logout", login::end),
        Route.page("/schedules", schedules::schedules),
        Route.form("/schedules/{name}/run", schedules::run),
        Route.form("/schedules/{name}/pause", schedules::pause),
        Route.form("/schedules/{name}/resume", schedules::resume),
        Route.page("/workers", workers::workers),
        Route.page("/workers/{worker}", workers::worker),
        Route.page("/workers/{worker}/new", workers::blank),
        Route.form("/workers/{worker}/new", workers::submit),
        Route.form("/workers/{worker}/pause", workers::pause),
        Route.form("/workers/{worker}/resume", workers::resume),
        Route.pagePart("/pages/jobs/stream", jobs::stream),
        Route.pagePart("/pages/jobs/{id}", job::part),
        Route.pagePart("/assets/{build}/{file}", assets::file));
  }

  static SystemRoutes.Facts facts(ServerConfig config, Edge edge) {
    String store = config.onPostgres() ? "postgresql" : "sqlite";
    return new SystemRoutes.Facts(version(), edge.doorman().mode(), store);
  }

  static String version() {
    return Optional.ofNullable(Routes.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
