package io.natsjob;

import io.natsjob.cluster.Commands;
import io.natsjob.job.SkipReason;
import io.natsjob.nats.NatsException;
import io.natsjob.protocol.Command;
import io.natsjob.protocol.CommandReply;
import io.natsjob.store.StoreException;
import io.natsjob.web.Engine.End;
import io.natsjob.web.Engine.Facts;
import io.natsjob.web.Engine.RunNow;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Another server leads, if any: it is asked over NATS. */
final class RemoteLeader implements Leader {
    /** The leader's own waits (room for a claim, JetStream's word), and the way there and back. */
    private static final Duration RUN_LIMIT = Duration.ofSeconds(8);
    private static final Duration END_LIMIT = Duration.ofSeconds(14);
    private static final Duration FACTS_LIMIT = Duration.ofSeconds(1);

    private final Commands commands;

    RemoteLeader(Commands commands) {
        this.commands = commands;
    }

    @Override
    public RunNow run(long jobId, String args, String workerId, boolean force) {
        try {
            return switch (commands.ask(new Command.Run(jobId, args, workerId, force), RUN_LIMIT)) {
                case CommandReply.Sent sent -> new RunNow.Sent(sent.taskId());
                case CommandReply.Refused no when no.reason().equals(CommandReply.Refused.GONE) -> new RunNow.Gone();
                case CommandReply.Refused no when no.reason().equals(CommandReply.Refused.FAILED) -> unanswered(no.detail());
                case CommandReply.Refused no when no.reason().equals(CommandReply.Refused.NO_DATABASE) ->
                        throw new StoreException(StoreException.Kind.UNAVAILABLE, no.detail());
                case CommandReply.Refused no -> new RunNow.Refused(no.reason(), no.detail());
                case CommandReply other -> unanswered("an answer to another question");
            };
        } catch (NatsException e) {
            return switch (e.kind()) {
                case NO_ANSWER -> unanswered(e.getMessage());
                case NOT_CONNECTED -> LocalLeader.refused(SkipReason.NATS_DOWN);
                case REFUSED -> LocalLeader.refused(SkipReason.NO_LEADER);
            };
        }
    }

    private static RunNow unanswered(String why) {
        return new RunNow.Unanswered("the leader did not say whether the job was sent (" + why + "): look at its runs before trying once more");
    }

    @Override
    public End end(long taskId, String reason) {
        try {
            return switch (commands.ask(new Command.End(taskId, reason), END_LIMIT)) {
                case CommandReply.Ended ended -> End.ENDED;
                case CommandReply.Refused no when no.reason().equals(CommandReply.Refused.FINAL) -> End.FINAL;
                case CommandReply.Refused no when no.reason().equals(CommandReply.Refused.UNKNOWN) -> End.UNKNOWN;
                case CommandReply.Refused no when no.reason().equals(SkipReason.NO_LEADER.word()) -> End.NO_LEADER;
                case CommandReply other -> End.UNANSWERED;
            };
        } catch (NatsException e) {
            return e.kind() == NatsException.Kind.NO_ANSWER ? End.UNANSWERED : End.NO_LEADER;
        }
    }

    @Override
    public Optional<Facts> facts(Set<Long> jobs, Set<Long> tasks, String namespace) {
        try {
            return commands.ask(new Command.Tell(jobs, tasks, namespace), FACTS_LIMIT) instanceof CommandReply.Facts facts
                    ? Optional.of(new Facts(facts.running(), facts.sentAt(), facts.open(), facts.parts(), facts.writes(), facts.ignored())) : Optional.empty();
        } catch (NatsException e) {
            return Optional.empty();
        }
    }
}
