package dev.coatcheck.store.base;

import dev.coatcheck.job.DeadLetterFilter;
import dev.coatcheck.job.JobFilter;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.operation.Order;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An order as stores keep it.
 *
 * @param filter its conditions as one text
 */
public record OrderForm(
    String kind, String filter, @Nullable String worker, @Nullable Payload patch) {

  private static final String WORKER = "worker";
  private static final String CODE = "code";
  private static final String FINGERPRINT = "fingerprint";
  private static final String STATUS = "status";
  private static final String AFTER = "after";
  private static final String BEFORE = "before";
  private static final String TAG = "tag";
  private static final String VALUE = "value";

  public static OrderForm of(Order order) {
    return switch (order) {
      case Order.Redrive(var filter, var worker, var patch) ->
          new OrderForm(order.kind(), text(filter), worker, patch);
      case Order.Cancel(var filter) -> new OrderForm(order.kind(), text(filter), null, null);
    };
  }

  public Order order() {
    Map<String, String> entries = Form.decode(filter);
    return kind.equals(Order.Cancel.KIND)
        ? new Order.Cancel(jobs(entries))
        : new Order.Redrive(letters(entries), worker, patch);
  }

  private static String text(DeadLetterFilter filter) {
    Map<String, String> entries = new TreeMap<>();
    put(entries, WORKER, filter.worker());
    put(entries, CODE, filter.code());
    put(entries, FINGERPRINT, filter.fingerprint());
    put(entries, AFTER, filter.failedAfter());
    put(entries, BEFORE, filter.failedBefore());
    return Form.encode(entries);
  }

  private static DeadLetterFilter letters(Map<String, String> entries) {
    return new DeadLetterFilter(
        entries.get(WORKER),
        entries.get(CODE),
        entries.get(FINGERPRINT),
        instant(entries.get(AFTER)),
        instant(entries.get(BEFORE)));
  }

  private static String text(JobFilter filter) {
    Map<String, String> entries = new TreeMap<>();
    put(entries, WORKER, filter.worker());
    put(entries, STATUS, filter.status() == null ? null : filter.status().wire());
    put(entries, AFTER, filter.createdAfter());
    put(entries, BEFORE, filter.createdBefore());
    JobFilter.Tag tag = filter.tag();
    if (tag != null) {
      entries.put(TAG, tag.key());
      entries.put(VALUE, tag.value());
    }
    return Form.encode(entries);
  }

  private static JobFilter jobs(Map<String, String> entries) {
    String tag = entries.get(TAG);
    String status = entries.get(STATUS);
    return new JobFilter(
        entries.get(WORKER),
        status == null ? null : JobStatus.parse(status).orElseThrow(),
        instant(entries.get(AFTER)),
        instant(entries.get(BEFORE)),
        tag == null ? null : new JobFilter.Tag(tag, entries.getOrDefault(VALUE, "")));
  }

  private static void put(Map<String, String> entries, String name, @Nullable String value) {
    if (value != null) {
      entries.put(name, value);
    }
  }

  private static void put(Map<String, String> entries, String name, @Nullable Instant value) {
    put(entries, name, value == null ? null : Long.toString(value.toEpochMilli()));
  }

  private static @Nullable Instant instant(@Nullable String millis) {
    return millis == null ? null : Instant.ofEpochMilli(Long.parseLong(millis));
  }
}
