package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.base.News;
import dev.coatcheck.store.base.Upkeep;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the steps of one transaction work with. */
final class Turn {

  /** What is the same in every transaction. */
  record Fixed(
      RunnerId node,
      RandomGenerator random,
      Set<String> indexedMetadata,
      Watch watch,
      LowWater lowWater,
      KnownLanes lanes,
      Escrow escrow) {}

  /** For so many starts of a commit permits are set aside, if there are any. */
  private static final int STARTS = 256;

  private final Session session;
  private final Fixed fixed;
  private final Instant now;
  private Workers workers;
  private final News news;
  private final Holdings holdings;
  private final Counters counters;
  private final Intake intake;
  private final Completions completions;
  private final List<Runnable> after = new ArrayList<>();
  private final List<Runnable> over = new ArrayList<>();
  private final Map<String, Room> rooms = new HashMap<>();
  private final Set<KnownLanes.LaneOf> readied = new HashSet<>();

  Turn(Session session, Fixed fixed, Instant now, Workers workers, News news, Holdings holdings) {
    this.session = session;
    this.fixed = fixed;
    this.now = now;
    this.workers = workers;
    this.news = news;
    this.holdings = holdings;
    counters = new Counters(session);
    intake = new Intake(this);
    completions = new Completions(this);
  }

  Bind bind(Sql sql) {
    return session.bind(sql);
  }

  Bind bind(Sql sql, int limit) {
    return session.bind(sql, limit);
  }

  Session session() {
    return session;
  }

  Instant now() {
    return now;
  }

  Fixed fixed() {
    return fixed;
  }

  Workers workers() {
    return workers;
  }

  Watch watch() {
    return fixed.watch();
  }

  /** They are others from now on. */
  void workers(Workers changed) {
    workers = changed;
  }

  News news() {
    return news;
  }

  Holdings holdings() {
    return holdings;
  }

  Counters counters() {
    return counters;
  }

  Intake intake() {
    return intake;
  }

  Completions completions() {
    return completions;
  }

  /** Sixteen random bytes. */
  UUID random() {
    return new UUID(fixed.random().nextLong(), fixed.random().nextLong());
  }

  /** To be done once the transaction is durable. */
  void after(Runnable action) {
    after.add(action);
  }

  /** To be done when the transaction is over, whether it is durable or not. */
  void finallyDo(Runnable action) {
    over.add(action);
  }

  /** The transaction is over. */
  void over() {
    over.forEach(Runnable::run);
    over.clear();
  }

  /** Room for jobs of the worker that start on this node with their submission. */
  Room room(String worker) throws SQLException {
    Room room = rooms.get(worker);
    if (room == null) {
      boolean onPermits = workers.limited(worker) && !workers.perKey(worker);
      room = Room.of(this, worker, false, onPermits ? STARTS : Integer.MAX_VALUE);
      rooms.put(worker, room);
    }
    return room;
  }

  /** Room for jobs of the worker that are claimed. */
  Room room(String worker, boolean elsewhere, long wanted) throws SQLException {
    Room room = Room.of(this, worker, elsewhere, wanted);
    rooms.put(worker, room);
    return room;
  }

  /** Looks whether workers have changed since the transaction began. */
  void refreshWorkers() throws SQLException {
    long change = bind(Sql.WORKERS_CHANGE).count();
    if (change != workers.change()) {
      workers = Workers.load(session, change);
    }
  }

  /** A grant of this node has ended, once the transaction is durable. */
  private void ended(String worker, JobId job, long fence) {
    Escrow.Held held = new Escrow.Held(job, fence);
    after(() -> fixed.escrow().ended(worker, held));
  }

  /** The outcome of a job is recorded. */
  void settled(String worker, JobId job, long fence) throws SQLException {
    counters.move(worker, Phase.RUNNING, -1);
    ended(worker, job, fence);
    madeRoom(worker);
  }

  /** Jobs of the lane are ready once the transaction is durable. */
  void readied(String worker, String lane) {
    readied.add(new KnownLanes.LaneOf(worker, lane));
  }

  /** The transaction is durable. */
  void committed() {
    fixed.lanes().learn(readied);
    after.forEach(Runnable::run);
  }

  /** Writes what was gathered of a job; to be called before anything looks at it or changes it. */
  void flush(JobId job) throws SQLException {
    if (intake.has(job) || completions.has(job)) {
      flush();
    }
  }

  /** Writes all that was gathered. */
  void flush() throws SQLException {
    intake.flush();
    completions.flush();
  }

  /** Tells that a job has changed, and those that share it. */
  void tell(JobId job, Head.Shares shares, Phase to) throws SQLException {
    news.changed(job, to);
    if (shares.shared() && !to.done()) {
      for (JobId follower : bind(Sql.FOLLOWER_IDS).id(job).list(Columns::id)) {
        news.changed(follower, to);
      }
    }
  }

  /** Writes what there is to write before the commit. */
  void finish() throws SQLException {
    flush();
    for (Room room : rooms.values()) {
      room.flush();
    }
  }

  /** Counts and tells a move. */
  void moved(Head head, Phase to, @Nullable Instant wakeAt) throws SQLException {
    counters.move(head.worker(), head.phase(), -1);
    counters.move(head.worker(), to, 1);
    if (head.phase() == Phase.RUNNING) {
      ended(head.worker(), head.id(), head.fence());
    }
    tell(head.id(), head.shares(), to);
    news.due(Upkeep.of(to), wakeAt);
    if (to == Phase.READY) {
      news.work(head.worker());
    } else if (head.phase() == Phase.RUNNING) {
      madeRoom(head.worker());
    }
  }

  /** A job of the worker runs no more, and another may. */
  void madeRoom(String worker) throws SQLException {
    if (workers.limited(worker) && intake.anyReady(worker)) {
      news.work(worker);
    }
  }
}
