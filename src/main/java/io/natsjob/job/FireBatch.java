package io.natsjob.job;

import java.util.List;

/**
 * The fires of one second: those of recorded jobs after their claim was committed, or those of the others.
 *
 * @param fireAt epoch milliseconds of the second at which they are to be sent
 */
public record FireBatch(long fireAt, boolean recorded, List<Fire> fires) {}
