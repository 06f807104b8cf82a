/**
 * Who leads. A leader's writes are fenced by the term, a number in the database that each leader raises by one: a former
 * leader's transaction finds its term gone and changes nothing.
 *
 * <p>Guaranteed: no write of a former leader takes effect after a new one has raised the term. Not guaranteed: that a former
 * leader knows it at once; what it does meanwhile outside the database (a fire of a lite or plus job) is bounded only by its
 * own check before each send. In this release one server runs per NATS account, so the lease that will decide among several
 * is not there yet, the term is.
 *
 * <p>Threads: {@link io.natsjob.cluster.Leadership} may be asked by all of them.
 */
package io.natsjob.cluster;
