package io.natsjob;

import io.natsjob.cluster.Commands;
import io.natsjob.cluster.Leadership;
import io.natsjob.cluster.Workers;
import io.natsjob.nats.NatsLink;
import io.natsjob.nats.PublishLink;
import io.natsjob.nats.ResultsBucket;
import io.natsjob.result.IgnoredAnswers;
import io.natsjob.store.Database;
import io.natsjob.time.Clock;
import io.natsjob.time.SteadyTime;
import java.time.Duration;
import java.time.ZoneId;

/**
 * What outlives a term and every leader works with.
 *
 * @param resultsKept how long ended runs and their steps stay
 * @param keyPresets  whether result keys are written before the messages
 */
record LeaderContext(Database database, Leadership leadership, NatsLink link, PublishLink publishing, NatsSetup setup, ResultsBucket results,
        IgnoredAnswers ignored, Workers workers, Commands commands, Clock clock, SteadyTime time, ZoneId zone, Duration resultsKept, boolean keyPresets) {}
