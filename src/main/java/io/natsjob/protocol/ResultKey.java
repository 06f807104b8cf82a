package io.natsjob.protocol;

import io.natsjob.job.Names;
import io.natsjob.job.RunNames;
import io.natsjob.job.Word;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where the answer to a job message goes: {@code natsjob.job.<end>.<namespace>.<app>.<job>.<taskId>[.<subId>]} in the bucket
 * of results. Parsing is strict: any other form of the same key would be a second key of one run.
 *
 * @param taskId the run's id, positive
 * @param subId  with {@link End#CLIENT_END} the id of the worker's part, positive; else null
 */
public record ResultKey(End end, RunNames names, long taskId, Long subId) {
    private static final String PREFIX = "natsjob.job.";

    /** @throws IllegalArgumentException where a name or id is not of its form, or the sub-id is missing or too much */
    public ResultKey {
        Tokens.checked(names);
        Tokens.checkedId(taskId, "taskId");
        if ((end == End.CLIENT_END) != (subId != null)) {
            throw new IllegalArgumentException("subId " + subId + ": goes with " + End.CLIENT_END.word() + " only, and always");
        }
        if (subId != null) {
            Tokens.checkedId(subId, "subId");
        }
    }

    public String text() {
        String base = PREFIX + end.word() + "." + Tokens.text(names) + "." + taskId;
        return subId == null ? base : base + "." + subId;
    }

    /** The key that {@code text} is, or nothing. */
    public static Optional<ResultKey> parse(String text) {
        String[] parts = Tokens.split(text);
        if (parts.length < 7 || parts.length > 8 || !text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        Optional<End> end = Word.find(End.class, parts[2]);
        Optional<RunNames> names = Tokens.names(parts, 3);
        OptionalLong taskId = Tokens.id(parts[6]);
        OptionalLong subId = parts.length == 8 ? Tokens.id(parts[7]) : OptionalLong.empty();
        if (end.isEmpty() || names.isEmpty() || taskId.isEmpty() || (parts.length == 8) != subId.isPresent()
                || (end.get() == End.CLIENT_END) != subId.isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new ResultKey(end.get(), names.get(), taskId.getAsLong(), subId.isPresent() ? subId.getAsLong() : null));
    }

    /** All keys of a namespace, for a filter. */
    public static String allOf(String namespace) {
        if (!Names.valid(namespace)) {
            throw new IllegalArgumentException("namespace '" + namespace + "': must be " + Names.FORM);
        }
        return PREFIX + "*." + namespace + ".>";
    }
}
