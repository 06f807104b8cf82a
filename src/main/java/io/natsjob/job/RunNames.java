package io.natsjob.job;

/** The names of namespace, app and job at the time a run was claimed: its subjects and keys are made of them. */
public record RunNames(String namespace, String app, String job) {
    public static RunNames of(Job job) {
        return new RunNames(job.app().namespace().name(), job.app().name(), job.name());
    }
}
