package io.natsjob;

import io.natsjob.cron.CronException;
import io.natsjob.job.Category;
import io.natsjob.job.Condition;
import io.natsjob.job.JobSpec;
import io.natsjob.job.Limits;
import io.natsjob.job.Misfire;
import io.natsjob.job.Model;
import io.natsjob.job.Names;
import io.natsjob.job.Route;
import io.natsjob.job.SubjectModel;
import io.natsjob.job.Texts;
import io.natsjob.job.Timing;
import io.natsjob.job.Word;
import io.natsjob.store.OriginalJob;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of one job of the original. A fault that would change when or how it fires disables it, with the reason in
 * its comment; a harmless adjustment is only told. One object converts one job.
 */
final class JobConversion {
    private static final long DEFAULT_TIMEOUT_SECONDS = 60;

    private final OriginalJob from;
    private final ZoneId zone;
    private final long now;
    private final List<String> faults = new ArrayList<>();
    private final List<String> changes = new ArrayList<>();
    private final JobSpec spec;

    /** @param now epoch milliseconds of the import: what {@code @every} counts from, and before which there are no fires */
    JobConversion(OriginalJob from, ZoneId zone, long now) {
        this.from = from;
        this.zone = zone;
        this.now = now;
        this.spec = refusal().isPresent() ? null : convert();
    }

    /** Why it cannot be a job of ours at all. */
    Optional<String> refusal() {
        if (!Names.valid(from.name())) {
            return Optional.of(OriginalImport.BAD_NAME);
        }
        if (Word.find(Category.class, from.kind().category()).isEmpty()) {
            return Optional.of("unknown category " + shown(from.kind().category()));
        }
        return Word.find(Model.class, from.kind().model()).isPresent() ? Optional.empty() : Optional.of("unknown model " + shown(from.kind().model()));
    }

    /** The job, null where it is refused. */
    JobSpec spec() {
        return spec;
    }

    /** In words: {@code imported, disabled: ...; changed: ...}. */
    String told() {
        String state = spec.enabled() ? "enabled" : faults.isEmpty() ? "disabled as it was" : disabledBecause();
        return state + (changes.isEmpty() ? "" : "; " + String.join("; ", changes));
    }

    private String disabledBecause() {
        return (wasEnabled() ? "disabled (it was enabled): " : "disabled: ") + String.join("; ", faults);
    }

    private JobSpec convert() {
        Route route = route();
        Timing timing = timing();
        Limits limits = new Limits(clamped("maxWorkers", from.maxWorkers(), 1, Limits.MAX_CONCURRENCY),
                clamped("timeoutSeconds", from.timeoutSeconds(), DEFAULT_TIMEOUT_SECONDS, Limits.MAX_TIMEOUT_SECONDS));
        if (from.status() != null && from.status() != 0 && from.status() != 1) {
            faults.add("its status " + from.status() + " is neither 0 (enabled) nor 1 (disabled)");
        }
        String args = Texts.kept(from.args(), JobSpec.MAX_TEXT);
        if (from.args() != null && !args.equals(from.args())) {
            faults.add("its args are longer than " + JobSpec.MAX_TEXT + " characters or hold characters that cannot be stored, they were adapted");
        }
        return new JobSpec(from.name(), comment(), wasEnabled() && faults.isEmpty(), timing, route, limits, args);
    }

    private boolean wasEnabled() {
        return from.status() == null || from.status() == 0;
    }

    private String comment() {
        String comment = from.comment() == null ? "" : from.comment();
        String reason = faults.isEmpty() ? "" : "Import: " + disabledBecause() + "." + (comment.isEmpty() ? "" : " ");
        String kept = Texts.kept(reason + comment, JobSpec.MAX_TEXT);
        if (!kept.equals(reason + comment)) {
            changes.add("its description was cut to fit " + JobSpec.MAX_TEXT + " characters");
        }
        return kept;
    }

    private Route route() {
        Category category = Word.find(Category.class, from.kind().category()).orElseThrow();
        Model model = Word.find(Model.class, from.kind().model()).orElseThrow();
        if (category == Category.MAP && model == Model.ULTRA) {
            changes.add("model ultra became pro, as the original treats map");
            model = Model.PRO;
        }
        return new Route(category, model, subjectModel(model), condition());
    }

    private SubjectModel subjectModel(Model model) {
        String text = from.kind().subjectModel();
        boolean none = text == null || text.isBlank();
        if (model == Model.LITE) {
            if (!SubjectModel.MEMORY.word().equals(text)) {
                changes.add("subject model became memory: lite is always sent there");
            }
            return SubjectModel.MEMORY;
        }
        if (none) {
            changes.add("subject model was empty and became jetStream, where the original sends it");
            return SubjectModel.JET_STREAM;
        }
        return Word.find(SubjectModel.class, text).orElseGet(() -> {
            faults.add("unknown subject model " + shown(text) + ", jetStream was taken");
            return SubjectModel.JET_STREAM;
        });
    }

    private Condition condition() {
        String text = from.kind().condition();
        if (text == null || text.isBlank()) {
            return Condition.ROUND;
        }
        return Word.find(Condition.class, text).orElseGet(() -> {
            changes.add("unknown condition " + shown(text) + " became " + Condition.ROUND.word());
            return Condition.ROUND;
        });
    }

    private Timing timing() {
        String cron = Texts.kept(from.cron(), Timing.MAX_SCHEDULE_LENGTH);
        Timing timing = new Timing(cron, null, now, time("startAt", from.times().startAt()), time("endAt", from.times().endAt()),
                Misfire.SKIP, Timing.DEFAULT_MISFIRE_MAX);
        if (from.cron() != null && !cron.equals(from.cron())) {
            faults.add("its cron text is longer than " + Timing.MAX_SCHEDULE_LENGTH + " characters or cannot be stored, it was adapted");
            return timing;
        }
        try {
            timing.parse(zone); // the text alone is judged: any zone would do
        } catch (CronException e) {
            faults.add("its cron text " + shown(cron) + " is refused: " + e.getMessage());
        }
        return timing;
    }

    /** A window that cannot be read must not be left out silently: the job would fire outside of it. */
    private Long time(String what, String text) {
        try {
            Long millis = OriginalTime.parse(text, zone);
            if (millis == null || millis >= 0) {
                return millis;
            }
        } catch (DateTimeException e) {
            // told below together with times before 1970
        }
        faults.add("its " + what + " " + shown(text) + " cannot be read");
        return null;
    }

    private int clamped(String what, Long value, long fallback, int max) {
        if (value == null) {
            return (int) fallback;
        }
        int clamped = Math.clamp(value, 1, max);
        if (clamped != value) {
            changes.add(what + " " + value + " became " + clamped);
        }
        return clamped;
    }

    private static String shown(String text) {
        return ImportReport.shown(text);
    }
}
