package io.natsjob.web;

/**
 * Who is logged in.
 *
 * @param tokenId   names the token; logout revokes it
 * @param expiresAt epoch milliseconds, a whole second
 */
record Session(String user, String tokenId, long issuedAt, long expiresAt) {}
