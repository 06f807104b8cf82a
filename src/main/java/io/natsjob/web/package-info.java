/**
 * The management API over HTTP: router, sessions, one handler per resource, JSON views. docs/api.md is its contract.
 *
 * <p>Guarantees: every answer carries the security headers; every error is {@code application/problem+json} with a stable code
 * and shows nothing of the inside; every route but login, livez and readyz needs a session; body, headers, time to read a
 * request, connections and requests in flight are limited. Every edit is one transaction that begins with the change number
 * (docs/rules.md 22). Not guaranteed: that a request which the JDK's server refuses by itself (a broken request line, headers
 * over the limits) gets our error format, nor protection against guessing a password by many tries. No TLS: put a proxy in front.
 *
 * <p>Threads: one virtual thread per request; handlers hold no state of a request. {@link io.natsjob.web.Engine} is called from
 * these threads.
 */
package io.natsjob.web;
