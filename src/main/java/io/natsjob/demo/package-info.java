/**
 * The demo worker, {@code java -jar natsjob.jar demo-worker}: an example to copy. It uses raw jnats and a JSON parser and nothing of natsjob, as
 * any worker in any language would. It handles one job at a time, on the thread of its NATS dispatcher. Not guaranteed: that a job which was
 * sent on a memory subject while no worker listened is ever seen; that is what JetStream subjects are for.
 */
package io.natsjob.demo;
