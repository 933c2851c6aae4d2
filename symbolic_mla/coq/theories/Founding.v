(* The founding theorem over MathComp's own matrices: 'M_(m, n), *m, \rank and col_mx, and nothing of ours.

   It is read after the exported scripts of gqa-is-mla and joint-latent, whose theorems it turns into these. T is W
   stacked n times: row (c, i) of T, which is mxvec_index c i, is row i of W. *)
Section Founding.
Variable F : realFieldType.
Variables n G d : nat.
Hypotheses (n0 : (0 < n)%N) (G0 : (0 < G)%N) (d0 : (0 < d)%N).
Local Notation r := (G * d)%N.
Local Notation D := (n * (G * d))%N.
Definition tiled (T : 'M[F]_(n * r, D)) (W : 'M[F]_(r, D)) := forall (c : 'I_n) i j, T (mxvec_index c i) j = W i j.

Let f (p : ord G [x] ord d) : ord r := mxvec_index p.1 p.2.
Let g (p : ord n [x] (ord G [x] ord d)) : ord D := mxvec_index p.1 (f p.2).
Lemma mxvec_index_inj p q (i i' : 'I_p) (j j' : 'I_q) : mxvec_index i j = mxvec_index i' j' -> (i, j) = (i', j').
Proof. by move/cast_ord_inj/enum_rank_inj. Qed.
Lemma f_bij : bijective f.
Proof.
apply: inj_card_bij => [[i j] [i' j']|]; last by rewrite card_prod !card_ord.
exact: mxvec_index_inj.
Qed.
Lemma g_bij : bijective g.
Proof.
apply: inj_card_bij => [[c p] [c' p']|]; last by rewrite !card_prod !card_ord.
move/mxvec_index_inj => e; have ef : f p = f p' := congr1 snd e.
by have /= -> := congr1 fst e; rewrite (bij_inj f_bij ef).
Qed.
Lemma n_low : (0 < #|ord n|)%N. Proof. by rewrite card_ord. Qed.
Lemma G_low : (0 < #|ord G|)%N. Proof. by rewrite card_ord. Qed.
Lemma d_low : (0 < #|ord d|)%N. Proof. by rewrite card_ord. Qed.
Lemma n_unit : #|ord n|%:R * n%:R^-1 = 1%:R :> F.
Proof. by rewrite card_ord mulfV // pnatr_eq0 -lt0n. Qed.

(* the rank of the stack is the rank of W *)
Theorem stacked_rank T W : tiled T W -> \rank T = \rank W.
Proof.
move=> h; have := @gqa_is_mla_rank_bound_keys_1 F (ord n) (ord G) (ord d) n_low G_low d_low _ n_unit
  (fun i j => W (f i) (g j)).
rewrite (rk_bij (fun i j => W i j) f_bij g_bij) rk_ord => <-.
rewrite -[LHS]rk_ord -(rk_bij (fun i j => T i j) g_bij g_bij); apply: rk_ext => -[c [i j]] [c' [i' j']].
exact: h.
Qed.
(* a sum over pairs of indices is one over the rows *)
Lemma sum_rows (s : ord r -> F) : \sum_i \sum_j s (f (i, j)) = \sum_k s k.
Proof. by rewrite (reindex f) /=; [rewrite sum_pair | apply: onW_bij f_bij]. Qed.
(* so it factors through r = G d rows *)
Theorem stacked_factors T W : tiled T W -> exists (U : 'M[F]_(n * r, r)) (V : 'M[F]_(r, D)), T = U *m V.
Proof.
move=> h; have [f' fK f'K] := f_bij; have [g' gK g'K] := g_bij.
have [U [V e]] := @gqa_is_mla_factorisation_keys F (ord n) (ord G) (ord d) n_low G_low d_low
  (fun i j => W (f i) (g j)).
exists (\matrix_(k, l) U (g' k) (f' l)), (\matrix_(l, j) V (f' l) (g' j)); apply/matrixP => k j; rewrite mxE.
rewrite -sum_rows -(g'K k) -(g'K j); case: (g' k) (g' j) => [c p] [c' p'].
have := e (c, p) (c', p'); case: p p' => [i l] [i' l'] /= E.
rewrite h [LHS]E; apply: eq_bigr => i1 _; apply: eq_bigr => l1 _.
by rewrite !mxE !gK !fK.
Qed.

(* one latent of m rows for keys and values exists exactly when the stacked projections have rank at most m *)
Let s (p : (ord G [x] ord d) [+] (ord G [x] ord d)) : ord (r + r) :=
  match p with inl q => lshift r (f q) | inr q => rshift r (f q) end.
Lemma s_bij : bijective s.
Proof.
apply: inj_card_bij => [[p|p] [q|q] //= e|]; last by rewrite card_sum !card_prod !card_ord.
- by have -> := bij_inj f_bij (@lshift_inj _ _ (f p) (f q) e).
- by have := congr1 (fun i => split i) e; rewrite (unsplitK (inl _)) (unsplitK (inr _)).
- by have := congr1 (fun i => split i) e; rewrite (unsplitK (inl _)) (unsplitK (inr _)).
- by have -> := bij_inj f_bij (@rshift_inj _ _ (f p) (f q) e).
Qed.
Theorem joint_latent m T_K T_V W_K W_V : (0 < m)%N -> tiled T_K W_K -> tiled T_V W_V ->
  (\rank (col_mx W_K W_V) <= m)%N <->
  exists (A B : 'M[F]_(n * r, m)) (C : 'M[F]_(m, D)), T_K = A *m C /\ T_V = B *m C.
Proof.
move=> m0 hK hV; have [g' gK g'K] := g_bij.
have m_low : (0 < #|ord m|)%N by rewrite card_ord.
have := @joint_latent_the_exact_condition F (ord n) (ord G) (ord d) (ord m) n_low G_low d_low m_low _ n_unit
  (fun i j => W_K (f i) (g j)) (fun i j => W_V (f i) (g j)).
rewrite card_ord -(rk_ord (col_mx W_K W_V)) -(rk_bij (fun i j => col_mx W_K W_V i j) s_bij g_bij).
rewrite (rk_ext (B := fun i j => col_mx W_K W_V (s i) (g j))); last first.
  by move=> [[i j]|[i j]] [c [i' j']]; rewrite /= ?col_mxEu ?col_mxEd.
case=> there back; split=> [/there [A [B [C [eA eB]]]]|[A [B [C [eA eB]]]]].
  have pick T W X : tiled T W -> (forall x0 x1, W (f x0.2) (g x1) = \sum_k X x0 k * C k x1) ->
      T = (\matrix_(i, k) X (g' i) k) *m (\matrix_(k, j) C k (g' j)).
    move=> h e; apply/matrixP => i j; rewrite mxE -(g'K i) -(g'K j); case: (g' i) => c p.
    by rewrite /= [LHS]h (e (c, p)); apply: eq_bigr => k _; rewrite !mxE !gK.
  exists (\matrix_(i, k) A (g' i) k), (\matrix_(i, k) B (g' i) k), (\matrix_(k, j) C k (g' j)); split.
    by apply: pick hK _ => -[c [i j]] [c' [i' j']]; exact: eA (c, (i, j)) (c', (i', j')).
  by apply: pick hV _ => -[c [i j]] [c' [i' j']]; exact: eB (c, (i, j)) (c', (i', j')).
apply: back; exists (fun i k => A (g i) k), (fun i k => B (g i) k), (fun k j => C k (g j)); split.
  move=> [c [i j]] [c' [i' j']] /=; rewrite -[LHS](hK c) eA mxE; exact: eq_bigr.
by move=> [c [i j]] [c' [i' j']] /=; rewrite -[LHS](hV c) eB mxE; exact: eq_bigr.
Qed.
End Founding.
