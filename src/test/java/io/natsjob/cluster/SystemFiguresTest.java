package io.natsjob.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.protocol.SystemInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemFiguresTest {
    @ParameterizedTest
    @CsvSource({"0,0Byte", "1023,1023Byte", "1024,1.00K", "38199624,36.43M", "25275883192,23.54G", "1728724336,1.61G", "9223372036854775807,8192.00P"})
    void sizes_have_the_forms_of_the_original(long bytes, String text) {
        assertEquals(text, SystemFigures.size(bytes));
    }

    @ParameterizedTest
    @CsvSource({"1,100.00%", "0.0623,6.23%", "0,0.00%", "-1,0.00%", "NaN,0.00%", "1.5,100.00%"})
    void shares_have_the_forms_of_the_original(double share, String text) {
        assertEquals(text, SystemFigures.percent(share));
    }

    @Test
    void the_figures_of_this_machine_are_plausible() {
        SystemInfo info = new SystemFigures().read();
        assertTrue(info.machine().cpuCores() > 0);
        assertEquals(ProcessHandle.current().pid(), info.process().pid());
        for (String size : new String[] {info.machine().memory().total(), info.process().memoryRss(), info.process().memoryVms()}) {
            assertTrue(size.matches("\\d+\\.\\d\\d[KMGT]"), info.toString());
        }
        assertTrue(info.machine().memory().usage().matches("\\d+\\.\\d\\d%"), info.toString());
        assertTrue(info.machine().os().equals(info.machine().os().toLowerCase()) && !info.machine().os().isEmpty());
    }
}
