/**
 * Environment, command line and files to one validated {@link io.natsjob.config.Config}.
 *
 * <p>Guarantees: a bad value of a known name is never guessed around, it is reported with name, source and allowed form, and the
 * process does not start; no secret is in a message, a warning, a listing or a {@code toString}. Not guaranteed: that the
 * addresses answer or the folders can be written; that shows at start. Read once; a change needs a restart. Stateless or
 * immutable; any thread.
 */
package io.natsjob.config;
