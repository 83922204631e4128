#!/bin/sh
# The first program of the virtual machine: a network, and a Docker daemon that listens there.
# The kernel's command line says name=NAME and address=ADDRESS.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
mount -t tmpfs cgroup /sys/fs/cgroup
for group in $(awk '!/^#/ && $4 == 1 { print $1 }' /proc/cgroups); do
  mkdir "/sys/fs/cgroup/$group"
  mount -t cgroup -o "$group" cgroup "/sys/fs/cgroup/$group"
done
for setting in $(cat /proc/cmdline); do
  case $setting in name=* | address=*) eval "$setting" ;; esac
done
hostname "$name"
for module in virtio_net overlay br_netfilter; do modprobe "$module"; done
ip link set lo up
ip address add "$address/24" dev eth0
ip link set eth0 up
exec docker-init -- dockerd --exec-opt=native.cgroupdriver=cgroupfs --host=unix:///run/docker.sock --host="tcp://$address:2375"
