/**
 * Who leads. Two things together: the <b>lease</b>, an entry in NATS that one server renews and the others watch, decides who tries; the
 * <b>term</b>, a number in the database that each leader raises by one, fences what a leader writes: a former leader's transaction finds
 * its term gone and changes nothing.
 *
 * <pre>
 *            watched the whole lease, or given back          read back
 *  following ---------------------------------------&gt; taken ----------&gt; holding --- renewed by compare-and-set
 *      ^                                                 |                 |
 *      +---- another's entry, or past the deadline ------+-----------------+
 * </pre>
 *
 * <p>Guaranteed: no write of a former leader takes effect after a new one has raised the term. Two servers do not hold the lease at the
 * same time, as long as their monotonic clocks run at the same speed within a third, and NATS does not acknowledge two writes that expect
 * the same revision. A holder trusts its own clocks alone, and stops at least 1.5 s before anybody else begins.
 *
 * <p>Not guaranteed: that what a leader began right before it lost the lease is not seen after it: it may be paused between its look at
 * the lease and the sending. A recorded job's fire is then still sent once, by its row; a fire of a lite or plus job may be sent twice. Beside an
 * original server, which writes without looking, only the term guards. While NATS is away nobody leads.
 *
 * <p>Threads: {@link io.natsjob.cluster.LeaseKeeper} has one, on which nothing but the lease is done. {@link io.natsjob.cluster.Leadership} and
 * {@link io.natsjob.cluster.Lease#tenure} may be asked by all of them and never wait.
 */
package io.natsjob.cluster;
