package io.natsjob;

import io.natsjob.job.SkipReason;
import io.natsjob.log.Log;
import io.natsjob.protocol.Command;
import io.natsjob.protocol.CommandReply;
import io.natsjob.store.StoreException;
import io.natsjob.web.Engine;
import java.util.function.Predicate;

/** Carries out the commands of other servers, at the leader. */
final class CommandDesk {
    private static final Log LOG = Log.of("server");

    private final Leader leader;
    private final Predicate<String> yielding;

    /** @param yielding see {@link LeaderLoop#yieldTo} */
    CommandDesk(Leader leader, Predicate<String> yielding) {
        this.leader = leader;
        this.yielding = yielding;
    }

    /** @param from id of the server that asks */
    CommandReply answer(String from, Command command) {
        try {
            return switch (command) {
                case Command.Run run -> reply(leader.run(run.jobId(), run.args(), run.workerId(), run.force()));
                case Command.End end -> reply(leader.end(end.taskId(), end.reason()));
                case Command.Tell tell -> leader.facts(tell.jobs(), tell.tasks(), tell.namespace()).<CommandReply>map(CommandDesk::reply)
                        .orElseGet(() -> failed("no facts"));
                case Command.Yield yield -> yielding.test(from) ? new CommandReply.Yielded()
                        : new CommandReply.Refused(CommandReply.Refused.KEEPS, "the leader's database works, or has not been away for long");
            };
        } catch (StoreException e) {
            LOG.debug("another server's command failed, the database does not answer", "why", e.getMessage());
            // A run whose row was not written was not sent, either.
            return command instanceof Command.Run && e.kind() != StoreException.Kind.COMMIT_UNKNOWN
                    ? new CommandReply.Refused(CommandReply.Refused.NO_DATABASE, "the database does not answer the leader: nothing was sent")
                    : failed("the database does not answer the leader");
        }
    }

    private static CommandReply reply(Engine.RunNow result) {
        return switch (result) {
            case Engine.RunNow.Sent sent -> new CommandReply.Sent(sent.taskId());
            case Engine.RunNow.Refused no -> new CommandReply.Refused(no.reason(), no.detail());
            case Engine.RunNow.Gone gone -> new CommandReply.Refused(CommandReply.Refused.GONE, "there is no such job");
            case Engine.RunNow.Unanswered unknown -> failed(unknown.detail());
        };
    }

    private static CommandReply reply(Engine.End result) {
        return switch (result) {
            case ENDED -> new CommandReply.Ended();
            case FINAL -> new CommandReply.Refused(CommandReply.Refused.FINAL, "the run has ended before");
            case UNKNOWN -> new CommandReply.Refused(CommandReply.Refused.UNKNOWN, "there is no such run");
            case NO_LEADER -> new CommandReply.Refused(SkipReason.NO_LEADER.word(), "this server does not lead any more");
            case UNANSWERED -> failed("this server does not lead any more");
        };
    }

    private static CommandReply reply(Engine.Facts facts) {
        return new CommandReply.Facts(facts.running(), facts.sentAt(), facts.open(), facts.parts(), facts.writes(), facts.ignored());
    }

    private static CommandReply failed(String why) {
        return new CommandReply.Refused(CommandReply.Refused.FAILED, why);
    }
}
