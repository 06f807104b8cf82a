package io.natsjob.cron;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;

/**
 * Prints what one {@code next} costs: for ordinary expressions a year of consecutive fires, and the worst of many random and hard
 * questions, each asked of a fresh schedule. Run by hand: {@code java -cp target/classes:target/test-classes io.natsjob.cron.CronBench}.
 */
final class CronBench {
    private static final int CALLS = 2_000_000;
    private static final int ROUNDS = 4;
    private static final int WORST_CASES = 300_000;
    private static final long FROM = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final List<String> ORDINARY = List.of(
            "* * * * * *", "*/5 * * * * *", "0 */5 * * * *", "0 0 9 * * *", "0 30 8-18/2 * * MON-FRI", "0 0 0 1 * *",
            "0 0 12 13 * FRI", "@every 90s");
    private static final List<String> HARD = List.of(
            "0 0 0 30 2 *", "0 0 0 31 2,4,6,9,11 *", "0 0 0 29 2 */7", "0 0 0 29 2 *", ", * * * * *", "0 30 2 31 4 ?");
    private static final List<String> HARD_ZONES = List.of(
            "UTC", "America/New_York", "Africa/Casablanca", "Africa/El_Aaiun", "Europe/London", "America/Santiago", "Asia/Gaza");

    private CronBench() {
    }

    public static void main(String[] args) throws CronException {
        // the first rounds warm up: one figure must not depend on which expressions ran before it
        for (int round = 1; round <= ROUNDS; round++) {
            for (String zone : List.of("UTC", "America/New_York")) {
                for (String text : ORDINARY) {
                    Schedule schedule = Schedule.parse(text, ZoneId.of(zone));
                    double next = walk(schedule, CALLS);
                    double firesAt = probe(schedule, CALLS);
                    if (round == ROUNDS) {
                        System.out.printf("%-26s %-17s %6.1f ns per next, %6.1f ns per firesAt%n", text, zone, next, firesAt);
                    }
                }
            }
        }
        worst();
    }

    /** Asks for fire after fire, beginning anew after a year. */
    private static double walk(Schedule schedule, int calls) {
        long start = System.nanoTime();
        long end = FROM + 365 * 86_400_000L;
        long at = FROM;
        for (int i = 0; i < calls; i++) {
            at = schedule.next(at, FROM);
            at = at > end ? FROM : at;
        }
        double nanos = (System.nanoTime() - start) / (double) calls;
        consume(at);
        return nanos;
    }

    private static double probe(Schedule schedule, int calls) {
        long start = System.nanoTime();
        long hits = 0;
        for (int i = 0; i < calls; i++) {
            hits += schedule.firesAt(FROM + i * 1000L, FROM) ? 1 : 0;
        }
        double nanos = (System.nanoTime() - start) / (double) calls;
        consume(hits);
        return nanos;
    }

    private static void worst() throws CronException {
        Random random = new Random(1);
        RandomCron cron = new RandomCron(random);
        List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
        long worstNanos = 0;
        String worst = "";
        for (int i = 0; i < 2 * WORST_CASES; i++) {
            boolean hard = i % 3 == 0;
            String text = hard ? HARD.get(random.nextInt(HARD.size())) : cron.fields();
            String zone = hard ? HARD_ZONES.get(random.nextInt(HARD_ZONES.size())) : zones.get(random.nextInt(zones.size()));
            long from = random.nextLong(-3_000_000_000_000L, 6_000_000_000_000L);
            long nanos = leastOfThree(text, ZoneId.of(zone), from);
            // the first half is warm-up
            if (i > WORST_CASES && nanos > worstNanos) {
                worstNanos = nanos;
                worst = text + " in " + zone + " from " + Instant.ofEpochMilli(from);
            }
        }
        System.out.printf("worst of %d: %.1f us, %s%n", WORST_CASES, worstNanos / 1e3, worst);
    }

    /** The least, because a pause of the machine is not the expression's cost; fresh schedules, so that nothing is remembered. */
    private static long leastOfThree(String text, ZoneId zone, long from) throws CronException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            Schedule schedule = Schedule.parse(text, zone);
            long start = System.nanoTime();
            long next = schedule.next(from, from);
            least = Math.min(least, System.nanoTime() - start);
            consume(next);
        }
        return least;
    }

    /** Keeps the compiler from dropping the work. */
    private static void consume(long value) {
        if (value == 42) {
            System.out.println();
        }
    }
}
