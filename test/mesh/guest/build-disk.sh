#!/bin/sh
# Builds the disk and the initial RAM disk of a virtual machine that runs Docker, out of this machine's programs.
# Usage: build-disk.sh KERNEL_PACKAGE DOCKER_DATA FOLDER
#   KERNEL_PACKAGE: folder of Debian's cloud kernel, unpacked; DOCKER_DATA: becomes /var/lib/docker
#   FOLDER: gets disk.ext4 and initrd
set -eu
kernel=$1 data=$2 folder=$3
here=$(dirname "$0")
version=$(basename "$kernel"/lib/modules/*)
root=$folder/root

# A program and the libraries that it is linked with, at the places where they are here.
add() {
  for file in "$@" $(ldd "$@" 2>/dev/null | grep -o '/[^ :]*' | sort -u); do
    [ -e "$root$file" ] || install -D "$file" "$root$file"
  done
}

mkdir -p "$root/bin" "$root/sbin" "$root/etc/docker" "$root/proc" "$root/sys" "$root/dev" "$root/run" "$root/tmp" \
  "$root/var/lib" "$root/root" "$root/lib"
for program in dockerd docker-init docker-proxy containerd containerd-shim-runc-v2 runc ip iptables ip6tables; do
  path=$(command -v "$program")
  add "$path"
done
# The names by which iptables knows what to be, and its extensions.
for extension in /usr/lib/*/xtables/lib*.so; do add "$extension"; done
cp "$(command -v busybox)" "$root/bin/busybox"
add "$(command -v busybox)"
for applet in $(busybox --list); do
  [ -e "$root/bin/$applet" ] || ln -s /bin/busybox "$root/bin/$applet"
done
ln -sf /bin/busybox "$root/sbin/modprobe"
cp -a "$kernel/lib/modules" "$root/lib/"
busybox depmod -b "$root" "$version"
cp -a "$data" "$root/var/lib/docker"
echo 'nameserver 127.0.0.1' > "$root/etc/resolv.conf"
echo '127.0.0.1 localhost' > "$root/etc/hosts"
echo 'root:x:0:0::/root:/bin/sh' > "$root/etc/passwd"
install -m 755 "$here/init.sh" "$root/init"
mke2fs -q -t ext4 -d "$root" "$folder/disk.ext4" 3G

first=$folder/first
mkdir -p "$first/bin" "$first/modules" "$first/dev" "$first/root"
cp "$root/bin/busybox" "$first/bin/busybox"
for library in $(ldd "$root/bin/busybox" 2>/dev/null | grep -o '/[^ :]*'); do install -D "$library" "$first$library"; done
number=0
for module in virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk; do
  number=$((number + 1))
  cp "$(find "$root/lib/modules" -name "$module.ko")" "$first/modules/$number-$module.ko"
done
cat > "$first/init" <<'END'
#!/bin/busybox sh
/bin/busybox mount -t devtmpfs devtmpfs /dev
for module in /modules/*; do /bin/busybox insmod "$module"; done
until [ -b /dev/vda ]; do /bin/busybox sleep 0.1; done
/bin/busybox mount -t ext4 /dev/vda /root
/bin/busybox mount --move /dev /root/dev
exec /bin/busybox switch_root /root /init
END
chmod 755 "$first/init"
(cd "$first" && find . | busybox cpio -o -H newc 2>/dev/null) | gzip -1 > "$folder/initrd"
rm -rf "$first" "$root"
