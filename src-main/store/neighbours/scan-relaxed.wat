;; `codeScores` of `scan.wat` with relaxed SIMD: one instruction multiplies sixteen pairs and adds them up in fours. It may differ between machines
;; only where the query's numbers leave 0 to 127, which they never do, so that both give the very same scores.
(module
  (import "space" "memory" (memory 1 65536 shared))

  ;; The sum of the four lanes.
  (func $sum (param $v v128) (result f32)
    (f32.add
      (f32.add (f32x4.extract_lane 0 (local.get $v)) (f32x4.extract_lane 1 (local.get $v)))
      (f32.add (f32x4.extract_lane 2 (local.get $v)) (f32x4.extract_lane 3 (local.get $v)))))

  (func (export "codeScores")
    (param $query i32) (param $queryLead i32) (param $queryScale f32) (param $codes i32) (param $rowBytes i32) (param $count i32)
    (param $scales i32) (param $offsets i32) (param $leads i32) (param $out i32)
    (local $q i32) (local $end i32) (local $a v128) (local $b v128) (local $lead v128)
    (local.set $lead (v128.load (local.get $queryLead)))
    (local.set $end (i32.add (local.get $query) (local.get $rowBytes)))
    (loop $row
      (local.set $q (local.get $query))
      (local.set $a (v128.const i32x4 0 0 0 0))
      (local.set $b (v128.const i32x4 0 0 0 0))
      (loop $part
        (local.set $a (i32x4.relaxed_dot_i8x16_i7x16_add_s (v128.load (local.get $codes)) (v128.load (local.get $q)) (local.get $a)))
        (local.set $b
          (i32x4.relaxed_dot_i8x16_i7x16_add_s (v128.load offset=16 (local.get $codes)) (v128.load offset=16 (local.get $q)) (local.get $b)))
        (local.set $a
          (i32x4.relaxed_dot_i8x16_i7x16_add_s (v128.load offset=32 (local.get $codes)) (v128.load offset=32 (local.get $q)) (local.get $a)))
        (local.set $b
          (i32x4.relaxed_dot_i8x16_i7x16_add_s (v128.load offset=48 (local.get $codes)) (v128.load offset=48 (local.get $q)) (local.get $b)))
        (local.set $codes (i32.add (local.get $codes) (i32.const 64)))
        (br_if $part (i32.lt_u (local.tee $q (i32.add (local.get $q) (i32.const 64))) (local.get $end))))
      (local.set $a (i32x4.add (local.get $a) (local.get $b)))
      (f32.store (local.get $out)
        (f32.add
          (f32.mul
            (local.get $queryScale)
            (f32.sub
              (f32.mul
                (f32.load (local.get $scales))
                (f32.convert_i32_s
                  (i32.add
                    (i32.add (i32x4.extract_lane 0 (local.get $a)) (i32x4.extract_lane 1 (local.get $a)))
                    (i32.add (i32x4.extract_lane 2 (local.get $a)) (i32x4.extract_lane 3 (local.get $a))))))
              (f32.load (local.get $offsets))))
          (call $sum (f32x4.mul (local.get $lead) (v128.load (local.get $leads))))))
      (local.set $leads (i32.add (local.get $leads) (i32.const 16)))
      (local.set $scales (i32.add (local.get $scales) (i32.const 4)))
      (local.set $offsets (i32.add (local.get $offsets) (i32.const 4)))
      (local.set $out (i32.add (local.get $out) (i32.const 4)))
      (br_if $row (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))))
