/**
 * Runs cells: one forked JVM per run, watched by the parent. {@code MachineFactory}, {@code JobSource} and {@code WorkerRun}
 * are the only classes of the harness that know the emulator's machine and the workloads' runner. Used by {@code cli}.
 */
package ringside.harness.run;
