/**
 * The PCI bus without what is on it: configuration space, base address registers, MSI-X, the host bridge that decodes
 * addresses. Knows nothing of virtio. Uses nothing; used by {@code transport}, {@code guest}, {@code machine} and whoever
 * hands a function to another process.
 */
package ringside.emulator.pci;
