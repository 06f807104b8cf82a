package io.natsjob.protocol;

import com.eclipsesource.json.JsonObject;

/** Machine and process of a server, in the original's forms: shares as {@code 6.23%}, sizes as {@code 23.54G}, empty where unknown. */
public record SystemInfo(Machine machine, Process process) {
    private static final int MAX_TEXT = 64;

    /** @param cpuCores 0 where unknown */
    public record Machine(String hostname, String ip, String os, String architecture, long cpuCores, String cpuUsage, Memory memory) {}

    public record Memory(String total, String used, String free, String usage) {}

    /** @param pid 0 where unknown */
    public record Process(long pid, String name, String cpuUsage, String memoryRss, String memoryVms, String memorySwap) {}

    static SystemInfo of(JsonObject fields) {
        return new SystemInfo(
                new Machine(text(fields, "machineHostname"), text(fields, "machineIp"), text(fields, "machineOs"), text(fields, "machineArchitecture"),
                        BeatFields.number(fields, "machineCpuCores", 0), text(fields, "machineCpuUsage"),
                        new Memory(text(fields, "machineMemoryTotal"), text(fields, "machineMemoryUsed"), text(fields, "machineMemoryFree"),
                                text(fields, "machineMemoryUsage"))),
                new Process(BeatFields.number(fields, "processPid", 0), text(fields, "processName"), text(fields, "processCpuUsage"),
                        text(fields, "processMemoryRss"), text(fields, "processMemoryVms"), text(fields, "processMemorySwap")));
    }

    JsonObject json() {
        return new JsonObject().add("machineHostname", machine.hostname).add("machineIp", machine.ip).add("machineOs", machine.os)
                .add("machineArchitecture", machine.architecture).add("machineCpuCores", machine.cpuCores).add("machineCpuUsage", machine.cpuUsage)
                .add("machineMemoryTotal", machine.memory.total).add("machineMemoryUsed", machine.memory.used)
                .add("machineMemoryFree", machine.memory.free).add("machineMemoryUsage", machine.memory.usage)
                .add("processPid", process.pid).add("processName", process.name).add("processCpuUsage", process.cpuUsage)
                .add("processMemoryRss", process.memoryRss).add("processMemoryVms", process.memoryVms).add("processMemorySwap", process.memorySwap);
    }

    private static String text(JsonObject fields, String name) {
        return BeatFields.text(fields, name, MAX_TEXT);
    }
}
