package io.natsjob.protocol;

/** What a message on the subject of steps turned out to be. */
public sealed interface ParsedStep permits StepReport, ParsedStep.Ignored {
    /**
     * Not a step: it is counted and stored nowhere.
     *
     * @param reason one of the words below, for the count and the log
     */
    record Ignored(String reason) implements ParsedStep {}

    /** No bytes, or only white space. */
    Ignored EMPTY = new Ignored("step-empty");
    /** Not a JSON object, or nested too deep. */
    Ignored MALFORMED = new Ignored("step-malformed");
    /** Larger than {@link Answer#MAX_BYTES}. */
    Ignored TOO_LARGE = new Ignored("step-too-large");
    /** {@code taskId} is missing, or no positive integer of 64 bits. */
    Ignored NO_TASK = new Ignored("step-without-task");
}
