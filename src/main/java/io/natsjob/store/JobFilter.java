package io.natsjob.store;

import io.natsjob.job.Category;
import io.natsjob.job.Model;

/** Which jobs a list shows; null means any. {@code namespace} and {@code app} are names, {@code q} is contained in the job's. */
public record JobFilter(String namespace, String app, String q, Boolean enabled, Model model, Category category) {
    public static final JobFilter ALL = new JobFilter(null, null, null, null, null, null);
}
