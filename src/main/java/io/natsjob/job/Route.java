package io.natsjob.job;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a job's fires go: category x model x subject model, and for ultra the choice among workers. */
public record Route(Category category, Model model, SubjectModel subjectModel, Condition condition) {
    /** What this release does not run yet, such as {@code category broadcast and model ultra}; empty where it runs the job. */
    public Optional<String> notRun() {
        String what = Stream.of(category.runs() ? null : "category " + category.word(), model.runs() ? null : "model " + model.word())
                .filter(Objects::nonNull).collect(Collectors.joining(" and "));
        return what.isEmpty() ? Optional.empty() : Optional.of(what);
    }
}
