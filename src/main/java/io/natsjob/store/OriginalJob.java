package io.natsjob.store;

/** A job of the original natsjob, as its row stands: nothing is checked, every object may be null, times are the columns' text. */
public record OriginalJob(long id, long appId, String name, boolean deleted, Kind kind, String cron, Long status, Long maxWorkers, Long timeoutSeconds,
        String comment, String args, Times times) {
    public record Kind(String category, String model, String subjectModel, String condition) {}

    public record Times(String startAt, String endAt, String createdAt, String updatedAt) {}
}
