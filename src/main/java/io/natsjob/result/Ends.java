package io.natsjob.result;

import io.natsjob.dispatch.OpenParts;
import io.natsjob.dispatch.OpenRun;
import io.natsjob.dispatch.OpenRuns.PartDone;
import io.natsjob.job.RunState;
import io.natsjob.job.SkipReason;
import io.natsjob.job.Texts;
import io.natsjob.protocol.Answer;
import io.natsjob.result.ReadPosition.Place;
import io.natsjob.store.PartEnd;
import io.natsjob.store.RunEnd;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What is written of a run that ends, and of its parts. A run with parts carries what its deciding part says: the first that failed, or the
 * last of those that all succeeded.
 */
final class Ends {
    private Ends() {}

    /** A run without parts. */
    static RunEnd byAnswer(OpenRun run, RunState state, Answer answer, long at) {
        return new RunEnd(run.id(), state, answer.reason(), answer.monitorStatus(), answer.monitorPayload(), answer.clientId(), run.sentAt(), run.deadlineAt(), at);
    }

    /** A part's worker is what the answer says, else the one that was addressed. */
    static PartEnd part(OpenRun run, int index, RunState state, Answer answer, long at) {
        String workerId = answer.clientId().isEmpty() ? run.parts().workerId(index) : answer.clientId();
        return new PartEnd(run.id(), run.parts().subId(index), workerId, state, answer.reason(), answer.monitorStatus(), answer.monitorPayload(), at);
    }

    /** A part that was surely not sent, while others of its run were. */
    static PartEnd unsent(OpenRun run, int index, SkipReason reason, long at) {
        return new PartEnd(run.id(), run.parts().subId(index), run.parts().workerId(index), RunState.FAIL,
                reason.word() + ": the message was not sent to this worker", "", "", at);
    }

    /**
     * Where one worker was chosen the run tells it all, and the part has no row.
     *
     * @param done what the part's end was for its run
     */
    static Transition transition(OpenRun run, PartEnd part, PartDone done, Place place, CompletableFuture<Boolean> written) {
        if (done.run() == null) {
            return new Transition.PartEnded(run, part, place, written);
        }
        PartEnd deciding = done.run() == RunState.FAIL ? run.parts().failed() : part;
        return new Transition.Ended(run, byPart(run, done.run(), deciding, part.endedAt()), run.parts().broadcast() ? part : null, place, written);
    }

    /** By its deadline, which ends a run with a part that failed as failed. */
    static RunEnd byDeadline(OpenRun run, RunState state, long at) {
        OpenParts parts = run.parts();
        if (state == RunState.FAIL && parts != null && parts.failed() != null) {
            return byPart(run, state, parts.failed(), at);
        }
        return new RunEnd(run.id(), state, Texts.kept(unanswered(run), Answer.MAX_TEXT), "", "", addressed(run), run.sentAt(), run.deadlineAt(), at);
    }

    static RunEnd byOperator(OpenRun run, RunState state, String reason, long at) {
        return new RunEnd(run.id(), state, Texts.kept(reason, Answer.MAX_TEXT), "", "", addressed(run), run.sentAt(), run.deadlineAt(), at);
    }

    private static RunEnd byPart(OpenRun run, RunState state, PartEnd part, long at) {
        return new RunEnd(run.id(), state, part.reason(), part.monitorStatus(), part.monitorPayload(), part.workerId(), run.sentAt(), run.deadlineAt(), at);
    }

    private static String unanswered(OpenRun run) {
        SkipReason doubt = run.doubt();
        String why = doubt == null ? "no answer by the deadline" : doubt.word() + ": whether the message reached a worker is not known";
        if (run.parts() == null || !run.parts().broadcast()) {
            return why;
        }
        List<String> silent = run.parts().unanswered();
        return why + "; " + silent.size() + " of " + run.parts().size() + " workers did not answer: " + String.join(", ", silent);
    }

    /** The one worker that was chosen; of all others nobody. */
    private static String addressed(OpenRun run) {
        OpenParts parts = run.parts();
        return parts == null || parts.broadcast() ? "" : parts.workerId(0);
    }
}
