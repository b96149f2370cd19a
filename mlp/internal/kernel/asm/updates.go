package main

import (
	"strings"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

type vec = reg.VecVirtual

// elementwise writes a kernel that goes over slices of n elements: one register
// after the other, the last one with a mask, so that no element's arithmetic
// depends on where it stands. Inputs are loaded before body and outputs, which
// may be the same slices, stored after it.
func elementwise(f float, name string, slices, out, scalars []string, loop string, body func(v map[string]vec)) {
	params := strings.Join(append(append([]string{}, slices...), "n"), ", ")
	params = strings.TrimSuffix(params, ", n") + " *" + f.goType + ", n int"
	if len(scalars) > 0 {
		params += ", " + strings.Join(scalars, ", ") + " " + f.goType
	}
	TEXT(name+f.suffix, attr.NOSPLIT, "func("+params+")")
	Pragma("noescape")
	Doc(name+f.suffix+" is, for each of n elements,", "", "	"+loop)
	base := map[string]reg.Register{}
	for _, s := range slices {
		base[s] = Load(Param(s), GP64())
	}
	n := Load(Param("n"), GP64())
	v := map[string]vec{}
	for _, s := range scalars {
		m, err := Param(s).Resolve()
		if err != nil {
			panic(err)
		}
		v[s] = f.vec()
		f.broadcast(m.Addr, v[s])
	}
	f.pin()
	isOut := map[string]bool{}
	for _, s := range out {
		isOut[s] = true
	}
	read := slices
	if out[0] == "y" && !strings.Contains(loop, "y op ") && len(out) == 1 {
		read = slices[1:] // y is written only
	}
	step := func(mask mask) {
		for _, s := range read {
			v[s] = f.vec()
			if mask == nil {
				f.load(Mem{Base: base[s]}, v[s])
			} else {
				f.maskLoad(Mem{Base: base[s]}, mask, v[s])
			}
		}
		body(v)
		for _, s := range out {
			if mask == nil {
				f.store(v[s], Mem{Base: base[s]})
			} else {
				f.maskStore(v[s], mask, Mem{Base: base[s]})
			}
		}
	}
	SUBQ(U8(f.lanes()), n)
	JLT(LabelRef("tail"))
	Label("loop")
	step(nil)
	for _, s := range slices {
		ADDQ(U8(f.bytes), base[s])
	}
	SUBQ(U8(f.lanes()), n)
	JGE(LabelRef("loop"))
	Label("tail")
	ADDQ(U8(f.lanes()), n)
	JZ(LabelRef("done"))
	step(f.firstLanes(n.(reg.GPVirtual)))
	Label("done")
	ret()
}

// updates writes the loops of the optimisers and of the activations without an
// exponential. Products and sums are rounded one by one, as in Go.
func updates(f float) {
	two := func(op func(a, b Op, v vec), a, b vec) vec {
		v := f.vec()
		op(a, b, v)
		return v
	}
	add := func(a, b vec) vec { return two(f.add, a, b) }
	mul := func(a, b vec) vec { return two(f.mul, a, b) }
	sub := func(a, b vec) vec { return two(f.sub, a, b) }
	div := func(a, b vec) vec { return two(f.div, a, b) }
	sqrt := func(a vec) vec { v := f.vec(); f.sqrt(a, v); return v }
	one := func() vec { v := f.vec(); f.load(f.constant(1), v); return v }

	elementwise(f, "axpy", []string{"w", "x"}, []string{"w"}, []string{"a"}, "w += a * x",
		func(v map[string]vec) { v["w"] = add(v["w"], mul(v["a"], v["x"])) })
	elementwise(f, "scale", []string{"w"}, []string{"w"}, []string{"a"}, "w *= a",
		func(v map[string]vec) { v["w"] = mul(v["w"], v["a"]) })
	elementwise(f, "momentum", []string{"w", "m", "d"}, []string{"w", "m"}, []string{"lr", "mu"}, "m = mu*m + d; w -= lr * m",
		func(v map[string]vec) {
			v["m"] = add(mul(v["mu"], v["m"]), v["d"])
			v["w"] = sub(v["w"], mul(v["lr"], v["m"]))
		})
	elementwise(f, "nesterov", []string{"w", "m", "d"}, []string{"w", "m"}, []string{"lr", "mu"},
		"m = mu*m + d; w -= lr * (d + mu*m)",
		func(v map[string]vec) {
			v["m"] = add(mul(v["mu"], v["m"]), v["d"])
			v["w"] = sub(v["w"], mul(v["lr"], add(v["d"], mul(v["mu"], v["m"]))))
		})
	elementwise(f, "rmsprop", []string{"w", "s", "d"}, []string{"w", "s"}, []string{"lr", "alpha", "beta", "eps"},
		"s = alpha*s + beta*d*d; w -= lr * d / (sqrt(s) + eps)",
		func(v map[string]vec) {
			v["s"] = add(mul(v["alpha"], v["s"]), mul(mul(v["beta"], v["d"]), v["d"]))
			v["w"] = sub(v["w"], div(mul(v["lr"], v["d"]), add(sqrt(v["s"]), v["eps"])))
		})
	elementwise(f, "adam", []string{"w", "m", "s", "d"}, []string{"w", "m", "s"},
		[]string{"lr", "a1", "b1", "a2", "b2", "root", "eps"},
		"m = a1*m + b1*d; s = a2*s + b2*d*d; w -= lr * m / (sqrt(s)/root + eps)",
		func(v map[string]vec) {
			v["m"] = add(mul(v["a1"], v["m"]), mul(v["b1"], v["d"]))
			v["s"] = add(mul(v["a2"], v["s"]), mul(mul(v["b2"], v["d"]), v["d"]))
			v["w"] = sub(v["w"], div(mul(v["lr"], v["m"]), add(div(sqrt(v["s"]), v["root"]), v["eps"])))
		})

	elementwise(f, "relu", []string{"y", "x"}, []string{"y"}, nil, "y = x; if x <= 0 { y = 0 }",
		func(v map[string]vec) { v["y"] = f.wherePositive(v["x"], v["x"]) })
	elementwise(f, "reluGrad", []string{"d", "y"}, []string{"d"}, nil, "if y <= 0 { d = 0 }",
		func(v map[string]vec) { v["d"] = f.wherePositive(v["y"], v["d"]) })
	elementwise(f, "sigmoidGrad", []string{"d", "y"}, []string{"d"}, nil, "d *= y * (1 - y)",
		func(v map[string]vec) { v["d"] = mul(v["d"], mul(v["y"], sub(one(), v["y"]))) })
	elementwise(f, "tanhGrad", []string{"d", "y"}, []string{"d"}, nil, "d *= 1 - y*y",
		func(v map[string]vec) { v["d"] = mul(v["d"], sub(one(), mul(v["y"], v["y"]))) })
}

// wherePositive is v where x > 0 or x is NaN, "not less or equal", and 0 elsewhere.
func (f float) wherePositive(x, v vec) vec {
	const notLessOrEqual = 0x16
	zero, kept := f.vec(), f.vec()
	f.zero(zero)
	if f.wide() {
		k := K()
		pick(f, VCMPPS, VCMPPD)(Imm(notLessOrEqual), zero, x, k)
		pick(f, VMOVAPS_Z, VMOVAPD_Z)(v, k, kept)
		return kept
	}
	above := f.vec()
	pick(f, VCMPPS, VCMPPD)(Imm(notLessOrEqual), zero, x, above)
	f.and(above, v, kept)
	return kept
}
