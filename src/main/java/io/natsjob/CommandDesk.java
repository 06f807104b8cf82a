package io.natsjob;

import io.natsjob.log.Log;
import io.natsjob.protocol.Command;
import io.natsjob.protocol.CommandReply;
import io.natsjob.store.StoreException;
import io.natsjob.web.Engine;

/** Carries out the commands of other servers, at the leader. */
final class CommandDesk {
    private static final Log LOG = Log.of("server");

    private final Leader leader;

    CommandDesk(Leader leader) {
        this.leader = leader;
    }

    CommandReply answer(Command command) {
        try {
            return switch (command) {
                case Command.Run run -> reply(leader.run(run.jobId(), run.args(), run.workerId(), run.force()));
                case Command.End end -> reply(leader.end(end.taskId(), end.reason()));
                case Command.Tell tell -> leader.facts(tell.jobs(), tell.tasks(), tell.namespace()).<CommandReply>map(CommandDesk::reply)
                        .orElseGet(() -> failed("no facts"));
            };
        } catch (StoreException e) {
            LOG.debug("another server's command failed, the database does not answer", "why", e.getMessage());
            return failed("the database does not answer the leader");
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
            case NO_LEADER, UNANSWERED -> failed("this server does not lead any more");
        };
    }

    private static CommandReply reply(Engine.Facts facts) {
        return new CommandReply.Facts(facts.running(), facts.sentAt(), facts.open(), facts.parts(), facts.writes(), facts.ignored());
    }

    private static CommandReply failed(String why) {
        return new CommandReply.Refused(CommandReply.Refused.FAILED, why);
    }
}
