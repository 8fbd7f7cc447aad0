package ringside.emulator.pci;

/**
 * Who a function is.
 *
 * @param vendorId 16 bits
 * @param deviceId 16 bits
 * @param revisionId 8 bits
 * @param classCode base class, subclass, programming interface: 24 bits
 * @param subsystemVendorId 16 bits
 * @param subsystemId 16 bits
 */
public record PciIdentity(
        int vendorId, int deviceId, int revisionId, int classCode, int subsystemVendorId, int subsystemId) {}
