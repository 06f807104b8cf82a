package io.natsjob.protocol;

import io.natsjob.job.RunNames;
import io.natsjob.job.SubjectModel;
import io.natsjob.job.Word;
import java.util.Optional;

/**
 * The subject of a job message: {@code <prefix>.job.<action>.<namespace>.<app>.<job>[.<worker id>]} (docs/protocol.md).
 *
 * @param workerId with {@link Action#CLIENT_START}, else null
 */
public record JobSubject(SubjectModel model, Action action, RunNames names, String workerId) {
    /** @throws IllegalArgumentException where a name or the worker id may not stand in a subject, or the id is missing or too much */
    public JobSubject {
        Tokens.checked(names);
        if ((action == Action.CLIENT_START) != (workerId != null)) {
            throw new IllegalArgumentException("worker id '" + workerId + "': goes with " + Action.CLIENT_START.word() + " only, and always");
        }
        if (workerId != null && !Tokens.workerId(workerId)) {
            throw new IllegalArgumentException("worker id '" + workerId + "': must be one NATS token of 1 to 64 characters");
        }
    }

    public String text() {
        String base = Subjects.prefix(model) + ".job." + action.word() + "." + Tokens.text(names);
        return workerId == null ? base : base + "." + workerId;
    }

    /** The subject that {@code text} is, or nothing. */
    public static Optional<JobSubject> parse(String text) {
        String[] parts = Tokens.split(text);
        if (parts.length < 6 || parts.length > 7 || !parts[1].equals("job")) {
            return Optional.empty();
        }
        Optional<SubjectModel> model = Subjects.modelOf(parts[0]);
        Optional<Action> action = Word.find(Action.class, parts[2]);
        Optional<RunNames> names = Tokens.names(parts, 3);
        String workerId = parts.length == 7 ? parts[6] : null;
        if (model.isEmpty() || action.isEmpty() || names.isEmpty() || (action.get() == Action.CLIENT_START) != (workerId != null)
                || workerId != null && !Tokens.workerId(workerId)) {
            return Optional.empty();
        }
        return Optional.of(new JobSubject(model.get(), action.get(), names.get(), workerId));
    }
}
