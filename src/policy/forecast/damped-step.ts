import type { SeriesPass } from './series-pass.ts'

/** A step that moves every parameter by less stands still. */
const STANDS_STILL = 1e-5

/**
 * Solves (J'J + damping x its diagonal) step = J'e by elimination without exchanges; false when no parameter would move any
 * more. A parameter that is not in use has 0 in its row and column but for the diagonal: it changes no other, and moves by 0.
 */
// oxlint-disable-next-line max-lines-per-function -- written out, the rows a_rc and e_r stay in registers
export function dampedStep({ normal, gradient }: SeriesPass, damping: number, step: Float64Array): boolean {
  const more = 1 + damping
  const a00 = normal[0]! * more + 1e-15
  const a01 = normal[5]!
  const a02 = normal[10]!
  const a03 = normal[15]!
  const a04 = normal[20]!
  const e0 = gradient[0]!
  let a11 = normal[6]! * more + 1e-15
  let a12 = normal[11]!
  let a13 = normal[16]!
  let a14 = normal[21]!
  let e1 = gradient[1]!
  let a22 = normal[12]! * more + 1e-15
  let a23 = normal[17]!
  let a24 = normal[22]!
  let e2 = gradient[2]!
  let a33 = normal[18]! * more + 1e-15
  let a34 = normal[23]!
  let e3 = gradient[3]!
  let a44 = normal[24]! * more + 1e-15
  let e4 = gradient[4]!
  let a21 = a12
  let a31 = a13
  let a32 = a23
  let a41 = a14
  let a42 = a24
  let a43 = a34
  const f10 = a01 / a00
  a11 -= f10 * a01
  a12 -= f10 * a02
  a13 -= f10 * a03
  a14 -= f10 * a04
  e1 -= f10 * e0
  const f20 = a02 / a00
  a21 -= f20 * a01
  a22 -= f20 * a02
  a23 -= f20 * a03
  a24 -= f20 * a04
  e2 -= f20 * e0
  const f30 = a03 / a00
  a31 -= f30 * a01
  a32 -= f30 * a02
  a33 -= f30 * a03
  a34 -= f30 * a04
  e3 -= f30 * e0
  const f40 = a04 / a00
  a41 -= f40 * a01
  a42 -= f40 * a02
  a43 -= f40 * a03
  a44 -= f40 * a04
  e4 -= f40 * e0
  const f21 = a21 / a11
  a22 -= f21 * a12
  a23 -= f21 * a13
  a24 -= f21 * a14
  e2 -= f21 * e1
  const f31 = a31 / a11
  a32 -= f31 * a12
  a33 -= f31 * a13
  a34 -= f31 * a14
  e3 -= f31 * e1
  const f41 = a41 / a11
  a42 -= f41 * a12
  a43 -= f41 * a13
  a44 -= f41 * a14
  e4 -= f41 * e1
  const f32 = a32 / a22
  a33 -= f32 * a23
  a34 -= f32 * a24
  e3 -= f32 * e2
  const f42 = a42 / a22
  a43 -= f42 * a23
  a44 -= f42 * a24
  e4 -= f42 * e2
  const f43 = a43 / a33
  a44 -= f43 * a34
  e4 -= f43 * e3
  const s4 = e4 / a44
  const s3 = (e3 - a34 * s4) / a33
  const s2 = (e2 - a23 * s3 - a24 * s4) / a22
  const s1 = (e1 - a12 * s2 - a13 * s3 - a14 * s4) / a11
  const s0 = (e0 - a01 * s1 - a02 * s2 - a03 * s3 - a04 * s4) / a00
  step[0] = s0
  step[1] = s1
  step[2] = s2
  step[3] = s3
  step[4] = s4
  return moves(s0) || moves(s1) || moves(s2) || moves(s3) || moves(s4)
}

function moves(by: number): boolean {
  return Math.abs(by) >= STANDS_STILL
}
