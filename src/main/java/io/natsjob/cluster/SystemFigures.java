package io.natsjob.cluster;

import com.sun.management.OperatingSystemMXBean;
import io.natsjob.protocol.SystemInfo;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How busy machine and process are, by the JDK alone. Used memory counts the system's file cache, which the JDK does not tell
 * apart. Resident and swapped memory come from Linux' process file system; elsewhere the JVM's own memory stands for the
 * first, and the second is {@code 0Byte}. One thread.
 */
final class SystemFigures {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final List<String> UNITS = List.of("K", "M", "G", "T", "P");

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private final String hostname = hostname();
    private final String ip = ip();

    /** The figures now; shares of the processor are since the call before, about 0 at the first. */
    SystemInfo read() {
        long total = system.getTotalMemorySize();
        long free = system.getFreeMemorySize();
        Map<String, Long> status = status();
        return new SystemInfo(
                new SystemInfo.Machine(hostname, ip, System.getProperty("os.name", "").toLowerCase(Locale.ROOT), System.getProperty("os.arch", ""),
                        system.getAvailableProcessors(), percent(system.getCpuLoad()),
                        new SystemInfo.Memory(size(total), size(total - free), size(free), percent(total == 0 ? 0 : (total - free) / (double) total))),
                new SystemInfo.Process(ProcessHandle.current().pid(), "natsjob", percent(system.getProcessCpuLoad()),
                        size(status.getOrDefault("VmRSS", jvmMemory())), size(Math.max(0, system.getCommittedVirtualMemorySize())),
                        size(status.getOrDefault("VmSwap", 0L))));
    }

    /** As {@code 6.23%}; what the JDK does not know yet is 0. */
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f%%", share >= 0 ? Math.min(share, 1) * 100 : 0);
    }

    /** As {@code 23.54G}, in steps of 1,024; less than one step as {@code 0Byte}. */
    static String size(long bytes) {
        if (bytes < 1_024) {
            return bytes + "Byte";
        }
        double value = bytes / 1_024.0;
        int unit = 0;
        while (value >= 1_024 && unit < UNITS.size() - 1) {
            value /= 1_024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.2f%s", value, UNITS.get(unit));
    }

    private long jvmMemory() {
        return memory.getHeapMemoryUsage().getCommitted() + memory.getNonHeapMemoryUsage().getCommitted();
    }

    /** The lines in kB, in bytes. Empty on other systems. */
    private static Map<String, Long> status() {
        if (!Files.isReadable(STATUS)) {
            return Map.of();
        }
        try {
            return Files.readAllLines(STATUS).stream().map(line -> line.split("[:\\s]+")).filter(parts -> parts.length == 3 && parts[2].equals("kB"))
                    .collect(Collectors.toMap(parts -> parts[0], parts -> Long.parseLong(parts[1]) * 1_024, (a, b) -> b));
        } catch (IOException | NumberFormatException e) {
            // figures for a page: the JVM's own take their place
            return Map.of();
        }
    }

    private static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // a machine without a name; the page shows its address
            return "";
        }
    }

    /** The first address that other machines may know, of the interface that the system lists first; empty without one. */
    private static String ip() {
        try {
            return NetworkInterface.networkInterfaces().sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .min(Comparator.comparingInt(address -> address.getAddress().length)).map(InetAddress::getHostAddress).orElse("");
        } catch (SocketException e) {
            // a page without the address is a page all the same
            return "";
        }
    }
}
