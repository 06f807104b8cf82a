package io.natsjob.cluster;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Which of the live workers gets a fire of an ultra job that goes to one: a method for each condition of docs/protocol.md.
 * Weight 0 is never chosen. What it remembers are the turns of {@value #MAX_JOBS} jobs; the job that was asked for longest ago is
 * forgotten first and begins anew. Safe for all threads.
 */
public final class WorkerChoice {
    static final int MAX_JOBS = 100_000;

    private final RandomGenerator random;
    /** By job: the number of the worker that it had last. */
    private final Map<Long, Long> turns = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
            return size() > MAX_JOBS;
        }
    };

    /** @param random safe for all threads, as {@link java.util.Random} is */
    public WorkerChoice(RandomGenerator random) {
        this.random = random;
    }

    /** {@code clientFirst}: the one that was registered first. */
    public Optional<Worker> first(List<Worker> live) {
        return live.stream().filter(WorkerChoice::willing).findFirst();
    }

    /** {@code clientRandom}: each as likely as the others, whatever its weight. */
    public Optional<Worker> random(List<Worker> live) {
        List<Worker> willing = live.stream().filter(WorkerChoice::willing).toList();
        return willing.isEmpty() ? Optional.empty() : Optional.of(willing.get(random.nextInt(willing.size())));
    }

    /**
     * {@code clientRound}: one after the other in the order of registration, each job by itself. Who joins gets its turn within the
     * round, who leaves costs nobody a turn. Jobs begin at different workers, or the first one had all of them after a start.
     *
     * @param live in the order of registration
     */
    public Optional<Worker> round(long jobId, List<Worker> live) {
        return next(jobId, live.stream().filter(WorkerChoice::willing).toList());
    }

    /**
     * {@code clientMaxWeight}: the heaviest; those that weigh the same take turns.
     *
     * @param live in the order of registration
     */
    public Optional<Worker> maxWeight(long jobId, List<Worker> live) {
        int most = live.stream().mapToInt(Worker::weight).max().orElse(0);
        return most == 0 ? Optional.empty() : next(jobId, live.stream().filter(worker -> worker.weight() == most).toList());
    }

    private synchronized Optional<Worker> next(long jobId, List<Worker> willing) {
        if (willing.isEmpty()) {
            return Optional.empty();
        }
        Long last = turns.get(jobId);
        Worker chosen = last == null ? willing.get((int) Math.floorMod(jobId, (long) willing.size()))
                : willing.stream().filter(worker -> worker.number() > last).findFirst().orElse(willing.getFirst());
        turns.put(jobId, chosen.number());
        return Optional.of(chosen);
    }

    private static boolean willing(Worker worker) {
        return worker.weight() > 0;
    }
}
