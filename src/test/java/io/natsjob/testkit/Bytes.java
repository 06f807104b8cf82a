package io.natsjob.testkit;

import java.util.Arrays;

/** Arrays of bytes. */
final class Bytes {
    private Bytes() {}

    static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
