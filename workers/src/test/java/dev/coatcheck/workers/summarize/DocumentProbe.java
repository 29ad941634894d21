package dev.coatcheck.workers.summarize;

import dev.coatcheck.workers.WorkerJson;
import dev.coatcheck.workers.summarize.document.pdf.PdfPrinter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/**
 * Measures a summary of a PDF of 300 pages, or as many as the argument says: the time on one
 * thread, cold and warm, and the heap.
 */
final class DocumentProbe {

  private DocumentProbe() {}

  public static void main(String[] arguments) throws Exception {
    int pages = arguments.length == 0 ? 300 : Integer.parseInt(arguments[0]);
    Path file = Files.createTempFile("coatcheck-probe-", ".pdf");
    try {
      byte[] pdf = print(file, pages);
      System.gc();
      resetPeaks();
      System.out.printf("%d pages, %d KB, %d MB idle%n", pages, pdf.length >> 10, usedMegabytes());
      for (int run = 1; run <= 3; run++) {
        FakeContext context = new FakeContext();
        long cpuBefore = cpuMillis();
        Instant start = InstantSource.system().instant();
        String id = context.add("report.pdf", "application/pdf", pdf);
        String output =
            SummarizeWorker.handler()
                .handle(context, WorkerJson.write(Map.of("file", id)))
                .toString();
        Duration took = Duration.between(start, InstantSource.system().instant());
        System.out.printf(
            "run %d: %d ms, %d ms of CPU, heap at most %d MB, %d MB of it old; %s%n",
            run, took.toMillis(), cpuMillis() - cpuBefore, peak(false), peak(true), output);
      }
    } finally {
      Files.delete(file);
    }
  }

  private static byte[] print(Path file, int pages) throws IOException {
    Prose prose = new Prose(1);
    try (PdfPrinter printer =
        new PdfPrinter()
            .hyphenating()
            .header(page -> "Annual report of the harbour")
            .footer(page -> "Page " + page)) {
      while (printer.page() < pages) {
        printer.paragraph(prose.sentences(6));
      }
      return Files.readAllBytes(printer.save(file));
    }
  }

  private static long cpuMillis() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1_000_000;
  }

  private static void resetPeaks() {
    ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
  }

  private static long usedMegabytes() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
  }

  private static long peak(boolean collected) {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .filter(pool -> !collected || pool.getName().contains("Old"))
            .mapToLong(pool -> pool.getPeakUsage().getUsed())
            .sum()
        >> 20;
  }
}
