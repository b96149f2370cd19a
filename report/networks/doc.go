// Package networks re-evaluates the networks that a database has kept: what lies
// between two of them, around one, and on the way to it.
//
// A Source reads the weights of runs and the examples of their stored specs, whose
// fingerprint has to be that of the training. Everything else is arithmetic in a Space,
// where a network is a Point:
//
//	space.go       Space and Point: where each layer has its parameters; distances
//	measure.go     measuring many points on all cores; the first layer's sums are mixed, not computed again
//	assignment.go  the Hungarian algorithm; match.go the order of hidden units that brings two networks together
//	barrier.go     the loss on the straight line between two networks
//	slice.go       filter-normalised directions, slices and surfaces
//	path.go        principal components of a training's snapshots, beside those of a random walk
//	units.go       cosines of hidden units and the effective rank of a layer
//	regions.go     what a network of two inputs says of every place of the plane
//	source.go      weights and examples of stored runs; cache.go results that were computed before
//
// All of it is in float64, whatever a network was trained in, with the kernels of
// package mlp.
package networks
