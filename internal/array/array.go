// Package array encodes arrays of numbers in the formats that other programs
// read: .npy, one array a file, and safetensors, a network's weights by name.
package array
