package io.natsjob.testkit;

import io.nats.client.ErrorListener;

/** A worker that a test cuts off would otherwise fill its output with what the test does on purpose. */
final class QuietErrors implements ErrorListener {}
