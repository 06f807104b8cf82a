package io.natsjob.job;

/**
 * What a user says of a job.
 *
 * @param comment up to {@value #MAX_TEXT} characters, never null
 * @param args    handed to the worker as it is, up to {@value #MAX_TEXT} characters, never null
 */
public record JobSpec(String name, String comment, boolean enabled, Timing timing, Route route, Limits limits, String args) {
    public static final int MAX_TEXT = 1_024;

    public boolean recorded() {
        return route.model().recorded();
    }

    /** Whether a claim that was made for {@code other} has the row that a fire of this one needs. */
    public boolean claimedLike(JobSpec other) {
        return recorded() == other.recorded() && route.category().firstStep() == other.route.category().firstStep()
                && route.maxParts() == other.route.maxParts();
    }
}
