package ringside.emulator.vfiouser;

/** Numbers of VFIO that the protocol takes over (linux/vfio.h), spelled as there. */
final class Vfio {
    static final int VFIO_DEVICE_FLAGS_RESET = 1;
    static final int VFIO_DEVICE_FLAGS_PCI = 2;

    /** Regions 0 to 5 are the BARs. */
    static final int VFIO_PCI_ROM_REGION_INDEX = 6;

    static final int VFIO_PCI_CONFIG_REGION_INDEX = 7;
    static final int VFIO_PCI_NUM_REGIONS = 9;
    static final int VFIO_REGION_INFO_FLAG_READ = 1;
    static final int VFIO_REGION_INFO_FLAG_WRITE = 2;

    static final int VFIO_PCI_INTX_IRQ_INDEX = 0;
    static final int VFIO_PCI_MSIX_IRQ_INDEX = 2;
    static final int VFIO_PCI_NUM_IRQS = 5;
    static final int VFIO_IRQ_INFO_EVENTFD = 1;
    static final int VFIO_IRQ_INFO_MASKABLE = 2;
    static final int VFIO_IRQ_INFO_AUTOMASKED = 4;

    static final int VFIO_IRQ_SET_DATA_NONE = 1;
    static final int VFIO_IRQ_SET_DATA_BOOL = 2;
    static final int VFIO_IRQ_SET_DATA_EVENTFD = 4;
    static final int VFIO_IRQ_SET_DATA_MASK = 7;
    static final int VFIO_IRQ_SET_ACTION_MASK = 8;
    static final int VFIO_IRQ_SET_ACTION_UNMASK = 16;
    static final int VFIO_IRQ_SET_ACTION_TRIGGER = 32;

    static final int VFIO_DMA_MAP_FLAG_READ = 1;
    static final int VFIO_DMA_MAP_FLAG_WRITE = 2;
    static final int VFIO_DMA_UNMAP_FLAG_ALL = 2;

    private Vfio() {}
}
