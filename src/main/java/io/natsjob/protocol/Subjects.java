package io.natsjob.protocol;

import io.natsjob.job.Names;
import io.natsjob.job.RunNames;
import io.natsjob.job.SubjectModel;
import java.util.Optional;

/** Every subject that natsjob publishes on or listens to. */
public final class Subjects {
    /** Workers report steps here. */
    public static final String SUB_RESULT_FLOW = "natsjob.job.sub-result-flow";
    /** Servers talk to each other below this one; outside {@code natsjob.}, since the stream would keep it. */
    public static final String SERVERS = "natsjob-void.server.>";
    private static final String MONITOR = "natsjob.job.monitor.";
    private static final String SERVER = "natsjob-void.server.";
    private static final String MEMORY_PREFIX = "natsjob-void";
    private static final String STORED_PREFIX = "natsjob";

    private Subjects() {}

    /** Where a job is started; also the main step of a map. */
    public static String start(SubjectModel model, RunNames names) {
        return new JobSubject(model, Action.START, names, null).text();
    }

    /** Where the first step of a map is started. */
    public static String preStart(SubjectModel model, RunNames names) {
        return new JobSubject(model, Action.PRE_START, names, null).text();
    }

    /** Where one worker is addressed (ultra). */
    public static String clientStart(SubjectModel model, RunNames names, String workerId) {
        return new JobSubject(model, Action.CLIENT_START, names, workerId).text();
    }

    /** Where monitor messages of an app go. */
    public static String monitor(String namespace, String app) {
        if (!Names.valid(namespace) || !Names.valid(app)) {
            throw new IllegalArgumentException("namespace '" + namespace + "', app '" + app + "': each must be " + Names.FORM);
        }
        return MONITOR + namespace + "." + app;
    }

    /** Where servers announce {@code what}: one lower-case word. */
    public static String server(String what) {
        if (!Names.valid(what)) {
            throw new IllegalArgumentException("announcement '" + what + "': must be " + Names.FORM);
        }
        return SERVER + what;
    }

    /** What a server announcement's subject is about, or nothing. */
    public static Optional<String> parseServer(String subject) {
        return subject != null && subject.startsWith(SERVER) && Names.valid(subject.substring(SERVER.length()))
                ? Optional.of(subject.substring(SERVER.length())) : Optional.empty();
    }

    static String prefix(SubjectModel model) {
        return model == SubjectModel.MEMORY ? MEMORY_PREFIX : STORED_PREFIX;
    }

    static Optional<SubjectModel> modelOf(String prefix) {
        return switch (prefix) {
            case MEMORY_PREFIX -> Optional.of(SubjectModel.MEMORY);
            case STORED_PREFIX -> Optional.of(SubjectModel.JET_STREAM);
            default -> Optional.empty();
        };
    }
}
