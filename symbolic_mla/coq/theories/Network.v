(* Einsum networks and a certified check that a sum of them vanishes.

   An expression [ex] is what a term of the kernel is at one index of each of its axes: sums over base index
   types, products, numbers, atoms at variables, Kronecker deltas, and uninterpreted functions of a vector.
   [den] gives its value in a commutative ring. [check] normalises an expression to networks, follows a
   certificate ([hint]: the deltas to solve, the names that summed variables get, the class of each network,
   the order of its factors) and adds up the coefficients of each class. [check_sound] is all that is used. *)
From Coq Require Import Arith.
From mathcomp Require Import all_ssreflect all_algebra.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

(* Nt n = n, Cd s = the size of sort s, Gn k = a named number, Sm x e = the sum of e over variable x,
   At a xs = atom a at variables, Dl x y = (x == y), Fn f xs c = function f of the vector with cells c, at xs *)
Inductive ex : Type :=
| Nt of nat | Cd of nat | Gn of nat | Op of ex | Ad of ex & ex | Ml of ex & ex | Sm of nat & ex
| At of nat & seq nat | Dl of nat & nat | Fn of nat & seq nat & cl
with cl : Type := Nl | Cl of seq nat & ex & cl.
Scheme ex_mut := Induction for ex Sort Prop with cl_mut := Induction for cl Sort Prop.
Combined Scheme ex_cl_ind from ex_mut, cl_mut.

(* variables that occur, bound or not; variables that are bound *)
Fixpoint vars (e : ex) : seq nat :=
  match e with
  | Nt _ | Cd _ | Gn _ => [::] | Op a => vars a | Ad a b | Ml a b => vars a ++ vars b
  | Sm k a => k :: vars a | At _ l => l | Dl x y => [:: x; y] | Fn _ l c => l ++ cvars c
  end
with cvars (c : cl) : seq nat := match c with Nl => [::] | Cl bs e c => bs ++ vars e ++ cvars c end.
Fixpoint bv (e : ex) : seq nat :=
  match e with
  | Nt _ | Cd _ | Gn _ | At _ _ | Dl _ _ => [::] | Op a => bv a | Ad a b | Ml a b => bv a ++ bv b
  | Sm k a => k :: bv a | Fn _ l c => cbv_ c
  end
with cbv_ (c : cl) : seq nat := match c with Nl => [::] | Cl bs e c => bs ++ bv e ++ cbv_ c end.

Definition sw (x y k : nat) := if k == x then y else k.
(* variable y for variable x *)
Fixpoint sb (x y : nat) (e : ex) : ex :=
  match e with
  | Nt _ | Cd _ | Gn _ => e | Op a => Op (sb x y a) | Ad a b => Ad (sb x y a) (sb x y b)
  | Ml a b => Ml (sb x y a) (sb x y b) | Sm k a => Sm k (sb x y a)
  | At a l => At a (map (sw x y) l) | Dl a b => Dl (sw x y a) (sw x y b)
  | Fn f l c => Fn f (map (sw x y) l) (csb x y c)
  end
with csb (x y : nat) (c : cl) : cl :=
  match c with Nl => Nl | Cl bs e c => Cl bs (sb x y e) (csb x y c) end.

(* the same expression, letter by letter *)
Fixpoint same (a b : ex) : bool :=
  match a, b with
  | Nt m, Nt n | Cd m, Cd n | Gn m, Gn n => m == n
  | Op a, Op b => same a b
  | Ad a b, Ad a' b' | Ml a b, Ml a' b' => same a a' && same b b'
  | Sm k a, Sm k' a' => (k == k') && same a a'
  | At a l, At a' l' => (a == a') && (l == l')
  | Dl x y, Dl x' y' => (x == x') && (y == y')
  | Fn f l c, Fn f' l' c' => [&& f == f', l == l' & csame c c']
  | _, _ => false
  end
with csame (c d : cl) : bool :=
  match c, d with Nl, Nl => true | Cl bs e c, Cl bs' e' d => [&& bs == bs', same e e' & csame c d] | _, _ => false end.
Lemma same_mut : (forall a b, same a b -> a = b) /\ (forall c d, csame c d -> c = d).
Proof.
apply: ex_cl_ind.
- by move=> m [] //= n /eqP->.
- by move=> m [] //= n /eqP->.
- by move=> m [] //= n /eqP->.
- by move=> a IH [] //= b /IH->.
- by move=> a IHa b IHb [] //= a' b' /andP[/IHa-> /IHb->].
- by move=> a IHa b IHb [] //= a' b' /andP[/IHa-> /IHb->].
- by move=> k a IH [] //= k' a' /andP[/eqP-> /IH->].
- by move=> a l [] //= a' l' /andP[/eqP-> /eqP->].
- by move=> x y [] //= x' y' /andP[/eqP-> /eqP->].
- by move=> f l c IH [] //= f' l' c' /and3P[/eqP-> /eqP-> /IH->].
- by case.
- by move=> bs e IHe c IHc [] //= bs' e' d /and3P[/eqP-> /IHe-> /IHc->].
Qed.

Definition gen := (bool * nat)%type.  (* (true, s): the size of a sort; (false, k): a named number *)
Definition mono := seq gen.
Definition pol := seq (int * mono).
Definition net := ((int * mono) * (seq nat * seq ex))%type.

Definition mulnet (a b : net) : net :=
  ((a.1.1 * b.1.1, a.1.2 ++ b.1.2), (a.2.1 ++ b.2.1, a.2.2 ++ b.2.2)).
Definition fsvars (fs : seq ex) := flatten (map vars fs).
Definition apart (l : seq nat) (n : net) := all (fun k => (k \notin n.2.1) && (k \notin fsvars n.2.2)) l.
Definition okmul (a b : net) := apart a.2.1 b && apart b.2.1 a.

Fixpoint nf (e : ex) : option (seq net) :=
  match e with
  | Nt n => Some [:: ((n%:Z, [::]), ([::], [::]))]
  | Cd s => Some [:: ((1, [:: (true, s)]), ([::], [::]))]
  | Gn k => Some [:: ((1, [:: (false, k)]), ([::], [::]))]
  | Op a => if nf a is Some A then Some [seq ((- n.1.1, n.1.2), n.2) | n <- A] else None
  | Ad a b => if nf a is Some A then if nf b is Some B then Some (A ++ B) else None else None
  | Ml a b => if nf a is Some A then if nf b is Some B then
                if all (fun n => all (okmul n) B) A then Some (flatten [seq [seq mulnet n m | m <- B] | n <- A])
                else None else None else None
  | Sm k a => if nf a is Some A then Some [seq (n.1, (k :: n.2.1, n.2.2)) | n <- A] else None
  | At _ _ | Dl _ _ | Fn _ _ _ => Some [:: ((1, [::]), ([::], [:: e]))]
  end.

Section Semantics.
Variable R : comRingType.
Variable srt : nat -> finType.
Variable df : forall s, srt s.
Variable sg : nat -> nat.  (* the sort of a variable *)
Definition val := {s : nat & srt s}.
Definition mkv s (x : srt s) : val := existT (fun s => srt s : Type) s x.
Definition get s (u : val) : srt s :=
  match Nat.eq_dec (projT1 u) s with
  | left e => eq_rect _ (fun s => srt s : Type) (projT2 u) _ e
  | right _ => df s
  end.
Definition env := nat -> val.
Definition upd (v : env) k u : env := fun j => if eqn j k then u else v j.
Fixpoint upds (v : env) (bs : seq nat) (l : seq val) : env :=
  match bs, l with k :: bs', u :: l' => upds (upd v k u) bs' l' | _, _ => v end.
Variable atv : nat -> seq val -> R.
Variable fsg : nat -> seq (seq nat).
Variable fnv : nat -> seq val -> seq (seq val -> R) -> R.
Definition cell0 : seq val -> R := fun _ => 0.
Hypothesis fnv_ext : forall f l cs cs', size cs = size cs' ->
  (forall i xs, map (@projT1 _ _) xs = nth [::] (fsg f) i -> nth cell0 cs i xs = nth cell0 cs' i xs) ->
  fnv f l cs = fnv f l cs'.
Variable cst : nat -> R.

Fixpoint den (e : ex) (v : env) {struct e} : R :=
  match e with
  | Nt n => n%:R | Cd s => #|srt s|%:R | Gn k => cst k
  | Op a => - den a v | Ad a b => den a v + den b v | Ml a b => den a v * den b v
  | Sm k a => \sum_(x : srt (sg k)) den a (upd v k (mkv x))
  | At a l => atv a (map v l)
  | Dl x y => (get (sg x) (v x) == get (sg x) (v y))%:R
  | Fn f l c => fnv f (map v l) (dcl c v)
  end
with dcl (c : cl) (v : env) {struct c} : seq (seq val -> R) :=
  match c with Nl => [::] | Cl bs e c => (fun l => den e (upds v bs l)) :: dcl c v end.

Definition wt (v : env) := forall k, projT1 (v k) = sg k.

Lemma getK s (x : srt s) : get s (mkv x) = x.
Proof.
by rewrite /get /=; case: Nat.eq_dec => // e; rewrite (eq_irrelevance e (erefl s)).
Qed.
Lemma getV s u : projT1 u = s -> mkv (get s u) = u.
Proof. by case: u => t x /= e; case: s / e; rewrite getK. Qed.
Lemma updE v k u j : upd v k u j = if j == k then u else v j. Proof. by []. Qed.
Lemma upd_wt v k (x : srt (sg k)) : wt v -> wt (upd v k (mkv x)).
Proof. by move=> w j; rewrite updE; case: eqP => [->|]. Qed.

Lemma agree_mut :
  (forall e v w, (forall k, k \in vars e -> v k = w k) -> den e v = den e w) /\
  (forall c v w, (forall k, k \in cvars c -> v k = w k) ->
     size (dcl c v) = size (dcl c w) /\ forall i xs, nth cell0 (dcl c v) i xs = nth cell0 (dcl c w) i xs).
Proof.
apply: ex_cl_ind => //=.
- by move=> a IH v w e; rewrite (IH v w e).
- by move=> a IHa b IHb v w e; rewrite (IHa v w) ?(IHb v w) // => k h; apply: e; rewrite mem_cat h ?orbT.
- by move=> a IHa b IHb v w e; rewrite (IHa v w) ?(IHb v w) // => k h; apply: e; rewrite mem_cat h ?orbT.
- move=> k a IH v w e; apply: eq_bigr => x _; apply: IH => j h; rewrite !updE; case: eqP => // _.
  by apply: e; rewrite inE h orbT.
- by move=> a l v w e; congr (atv a _); apply/eq_in_map => k h; apply: e.
- by move=> x y v w e; rewrite !e ?inE ?eqxx ?orbT.
- move=> f l c IH v w e.
  have h' k : k \in cvars c -> v k = w k by move=> h; apply: e; rewrite mem_cat h orbT.
  have [es en] := IH v w h'.
  have -> : map v l = map w l by apply/eq_in_map => k h; apply: e; rewrite mem_cat h.
  by apply: fnv_ext.
- move=> bs a IHa c IHc v w e.
  have h' k : k \in cvars c -> v k = w k by move=> h; apply: e; rewrite !mem_cat h !orbT.
  have [es en] := IHc v w h'; split; first by rewrite es.
  have h2 k : k \in vars a -> v k = w k by move=> h; apply: e; rewrite !mem_cat h orbT.
  case=> [|i] xs //=; apply: IHa => k /h2.
  elim: bs xs v w {e es en IHc h' h2} => [|b bs IH] [|u xs] v w e //=.
  by apply: IH; rewrite !updE e.
Qed.
Lemma agree e v w : (forall k, k \in vars e -> v k = w k) -> den e v = den e w.
Proof. exact: agree_mut.1. Qed.

Lemma upd_swap v x a k u : x != k -> upd (upd v k u) x a =1 upd (upd v x a) k u.
Proof.
move=> n j; rewrite !updE; case: (j =P x) => [->|//]; first by rewrite (negbTE n).
Qed.
Lemma upds_upd v x a bs l : x \notin bs -> upds (upd v x a) bs l =1 upd (upds v bs l) x a.
Proof.
elim: bs l v => [|b bs IH] [|u l] v //=; rewrite inE negb_or => /andP[n m] j.
rewrite -(IH l (upd v b u) m j).
have E : upd (upd v x a) b u =1 upd (upd v b u) x a by move=> i; rewrite (upd_swap v a u n).
elim: bs l j (upd (upd v x a) b u) (upd (upd v b u) x a) E {IH m} => [|c bs IH] [|t l] j f g E //=; try exact: E.
by apply: IH => i; rewrite !updE E.
Qed.
Lemma upds_other v bs l k : k \notin bs -> upds v bs l k = v k.
Proof.
elim: bs l v => [|b bs IH] [|u l] v //=; rewrite inE negb_or => /andP[n m].
by rewrite IH // updE (negbTE n).
Qed.

Lemma swE x y k v : v (sw x y k) = upd v x (v y) k.
Proof. by rewrite updE /sw; case: eqP. Qed.

Lemma sb_mut x y : sg x = sg y ->
  (forall e v, x \notin bv e -> y \notin bv e -> den (sb x y e) v = den e (upd v x (v y))) /\
  (forall c v, x \notin cbv_ c -> y \notin cbv_ c ->
     size (dcl (csb x y c) v) = size (dcl c (upd v x (v y))) /\
     forall i xs, nth cell0 (dcl (csb x y c) v) i xs = nth cell0 (dcl c (upd v x (v y))) i xs).
Proof.
move=> sxy; apply: ex_cl_ind => //=.
- by move=> a IH v nx ny; rewrite IH.
- move=> a IHa b IHb v; rewrite !mem_cat !negb_or => /andP[? ?] /andP[? ?]; by rewrite IHa ?IHb.
- move=> a IHa b IHb v; rewrite !mem_cat !negb_or => /andP[? ?] /andP[? ?]; by rewrite IHa ?IHb.
- move=> k a IH v; rewrite !inE !negb_or => /andP[xk nx] /andP[yk ny].
  apply: eq_bigr => u _; rewrite IH //; apply: agree => j _.
  by rewrite [upd _ _ _ y]updE (negbTE yk) upd_swap.
- by move=> a l v _ _; congr (atv a _); rewrite -map_comp; apply: eq_map => k /=; rewrite swE.
- move=> a b v _ _; rewrite !swE; congr (_%:R); congr (nat_of_bool _).
  by have -> : sg (sw x y a) = sg a by rewrite /sw; case: eqP => // ->.
- move=> f l c IH v nx ny; have [es en] := IH v nx ny.
  have -> : map v (map (sw x y) l) = map (upd v x (v y)) l.
    by rewrite -map_comp; apply: eq_map => k /=; rewrite swE.
  by apply: fnv_ext.
- move=> bs a IHa c IHc v; rewrite !mem_cat !negb_or => /and3P[xb xa xc] /and3P[yb ya yc].
  have [es en] := IHc v xc yc; split; first by rewrite es.
  case=> [|i] xs //=; rewrite IHa //; apply: agree => k _.
  by rewrite upds_upd // upds_other.
Qed.
Lemma sbP x y e v : sg x = sg y -> x \notin bv e -> y \notin bv e -> den (sb x y e) v = den e (upd v x (v y)).
Proof. by move=> s; apply: (sb_mut s).1. Qed.

(* ---- iterated sums ---- *)
Fixpoint sums (l : seq nat) (F : env -> R) (v : env) : R :=
  if l is k :: l' then \sum_(x : srt (sg k)) sums l' F (upd v k (mkv x)) else F v.
Definition proper (F : env -> R) := forall v w, v =1 w -> F v = F w.
Lemma sums_proper l F v w : proper F -> v =1 w -> sums l F v = sums l F w.
Proof.
move=> pF; elim: l v w => [|k l IH] v w e /=; first exact: pF.
 apply: eq_bigr => x _; apply: IH => j.
by rewrite !updE e.
Qed.
Lemma eq_sums l F G v : wt v -> (forall w, wt w -> F w = G w) -> sums l F v = sums l G v.
Proof.
elim: l v => [|k l IH] v w e /=; first exact: e.
by apply: eq_bigr => x _; apply: IH => //; apply: upd_wt.
Qed.
Lemma sums_cat l m F v : sums (l ++ m) F v = sums l (sums m F) v.
Proof. by elim: l v => //= k l IH v; apply: eq_bigr => x _; rewrite IH. Qed.
Lemma sums_scale l F c v : sums l (fun v => c * F v) v = c * sums l F v.
Proof. by elim: l v => //= k l IH v; rewrite mulr_sumr; apply: eq_bigr => x _; rewrite IH. Qed.
Lemma sums_pull k l F v : proper F -> k \in l -> uniq l -> sums l F v = sums (k :: rem k l) F v.
Proof.
move=> pF; elim: l v => //= j l IH v; rewrite inE eq_sym => /orP[/eqP->|kl] /andP[jl ul].
  by rewrite eqxx.
have nj : j != k by apply: contraNneq jl => ->.
rewrite (negbTE nj) /=.
under eq_bigr do rewrite (IH _ kl ul) /=.
rewrite exchange_big /=; apply: eq_bigr => x _; apply: eq_bigr => y _.
by apply: (sums_proper _ pF) => i; rewrite upd_swap // eq_sym.
Qed.
Lemma sums_perm l m F v : proper F -> perm_eq l m -> uniq l -> sums l F v = sums m F v.
Proof.
move=> pF; elim: l m v => [|k l IH] m v pe; first by case: m pe => // a m /perm_size.
move=> /= /andP[kl ul].
have km : k \in m by rewrite -(perm_mem pe) inE eqxx.
have um : uniq m by rewrite -(perm_uniq pe) /= kl.
rewrite (sums_pull _ pF km um) /=; apply: eq_bigr => x _; apply: IH => //.
by rewrite -(perm_cons k) (permPl pe) perm_to_rem.
Qed.

Definition dfs (fs : seq ex) (v : env) : R := \prod_(e <- fs) den e v.
Lemma dfs_agree fs v w : (forall k, k \in fsvars fs -> v k = w k) -> dfs fs v = dfs fs w.
Proof.
elim: fs => [|e fs IH] h; rewrite /dfs ?big_nil // !big_cons.
congr (_ * _); first by apply: agree => k i; apply: h; rewrite /fsvars /= mem_cat i.
by apply: IH => k i; apply: h; rewrite /fsvars /= mem_cat i orbT.
Qed.
Lemma dfs_proper fs : proper (dfs fs).
Proof. by move=> v w e; apply: dfs_agree. Qed.
Lemma dfs_upd fs k u v : k \notin fsvars fs -> dfs fs (upd v k u) = dfs fs v.
Proof. by move=> n; apply: dfs_agree => j h; rewrite updE; case: eqP => // e; rewrite -e h in n. Qed.
Lemma sums_upd l fs k u v : k \notin l -> k \notin fsvars fs -> sums l (dfs fs) (upd v k u) = sums l (dfs fs) v.
Proof.
elim: l v => [|j l IH] v /=; first by move=> _; apply: dfs_upd.
rewrite inE negb_or => /andP[kj kl] kf; apply: eq_bigr => x _.
rewrite -(IH (upd v j (mkv x)) kl kf); apply: (sums_proper _ (@dfs_proper fs)) => i.
by rewrite upd_swap // eq_sym.
Qed.
Lemma sums_mul l m fs gs v :
  all (fun k => (k \notin m) && (k \notin fsvars gs)) l -> all (fun k => (k \notin l) && (k \notin fsvars fs)) m ->
  sums l (dfs fs) v * sums m (dfs gs) v = sums (l ++ m) (dfs (fs ++ gs)) v.
Proof.
elim: l v => [|k l IH] v /=.
  move=> _ hm; elim: m v hm => [|j m IHm] v /=; first by rewrite /dfs big_cat.
  case/andP=> nj hm; rewrite mulr_sumr; apply: eq_bigr => x _.
  by rewrite -IHm // dfs_upd.
case/andP=> /andP[km kg] hl hm; rewrite mulr_suml; apply: eq_bigr => x _.
rewrite -IH //; last first.
  by move/allP: hm => hm; apply/allP=> i /hm; rewrite inE negb_or => /andP[/andP[_ ->] ->].
by rewrite (sums_upd _ _ km kg).
Qed.

(* ---- networks ---- *)
Definition gval (g : gen) : R := if g.1 then #|srt g.2|%:R else cst g.2.
Definition mval (m : mono) : R := \prod_(g <- m) gval g.
Definition pval (p : pol) : R := \sum_(t <- p) t.1%:~R * mval t.2.
Definition dnet (n : net) v : R := n.1.1%:~R * mval n.1.2 * sums n.2.1 (dfs n.2.2) v.
Lemma mval_cat a b : mval (a ++ b) = mval a * mval b. Proof. exact: big_cat. Qed.
Lemma mval_cons g b : mval (g :: b) = gval g * mval b. Proof. exact: big_cons. Qed.

Lemma mulnetP n m v : okmul n m -> dnet (mulnet n m) v = dnet n v * dnet m v.
Proof.
case/andP=> h1 h2; rewrite /dnet /= -sums_mul // intrM mval_cat.
by rewrite [RHS]mulrACA; congr (_ * _); rewrite [RHS]mulrACA.
Qed.
Lemma mulnets A B v : all (fun n => all (okmul n) B) A ->
  (\sum_(n <- A) dnet n v) * (\sum_(n <- B) dnet n v)
    = \sum_(n <- flatten [seq [seq mulnet n m | m <- B] | n <- A]) dnet n v.
Proof.
elim: A => [|n A IH] /=; first by rewrite !big_nil mul0r.
case/andP=> nB AB; rewrite big_cons big_cat mulrDl IH //=; congr (_ + _) => {IH AB}.
elim: B nB => [|m B IH] /=; first by rewrite !big_nil mulr0.
by case/andP=> nm nB; rewrite !big_cons mulrDr IH // mulnetP.
Qed.
Lemma nfP e : forall ns, nf e = Some ns -> forall v, den e v = \sum_(n <- ns) dnet n v.
Proof.
have one (z : int) m fs v : dnet ((z, m), ([::], fs)) v = z%:~R * mval m * dfs fs v by [].
have fac (a : ex) : dnet ((1, [::]), ([::], [:: a])) =1 den a by move=> v; rewrite one /mval /dfs big_nil big_seq1 !mul1r.
elim: e => //=.
- by move=> n _ [<-] v; rewrite big_seq1 one /mval /dfs !big_nil !mulr1 -pmulrn.
- by move=> n _ [<-] v; rewrite big_seq1 one /mval /dfs big_seq1 !big_nil mulr1 mul1r.
- by move=> n _ [<-] v; rewrite big_seq1 one /mval /dfs big_seq1 !big_nil mulr1 mul1r.
- move=> a IH ns; case: (nf a) IH => // A IH [<-] v; rewrite (IH A) // big_map -sumrN.
  by apply: eq_bigr => -[[z m] [l fs]] _; rewrite /dnet /= mulrNz !mulNr.
- move=> a IHa b IHb ns; case: (nf a) IHa => // A IHa; case: (nf b) IHb => // B IHb [<-] v.
  by rewrite (IHa A) // (IHb B) // big_cat.
- move=> a IHa b IHb ns; case: (nf a) IHa => // A IHa; case: (nf b) IHb => // B IHb.
  by case: ifP => // ok [<-] v; rewrite (IHa A) // (IHb B) // mulnets.
- move=> k a IH ns; case: (nf a) IH => // A IH [<-] v; rewrite big_map.
  under eq_bigr do rewrite (IH A) //.
  by rewrite exchange_big; apply: eq_bigr => n _; rewrite /dnet /= mulr_sumr.
- by move=> a l ns [<-] v; rewrite big_seq1 fac.
- by move=> a l ns [<-] v; rewrite big_seq1 fac.
- by move=> a l c ns [<-] v; rewrite big_seq1 fac.
Qed.

(* ---- steps on a network ---- *)
Definition isdl x y (e : ex) := if e is Dl a b then ((a == x) && (b == y)) || ((a == y) && (b == x)) else false.
Definition triv (e : ex) := if e is Dl a b then a == b else false.
Definition okfs x y fs := all (fun e => (x \notin bv e) && (y \notin bv e)) fs.
(* a delta of x and y: x takes the place of y, which disappears if it is summed *)
Definition solve (x y : nat) (n : net) : option net :=
  let fs := n.2.2 in
  if [&& has (isdl x y) fs, x != y, sg x == sg y & okfs x y fs] then
    let fs2 := [seq e <- map (sb y x) [seq e <- fs | ~~ isdl x y e] | ~~ triv e] in
    if y \in n.2.1 then
      if uniq n.2.1 && (y \notin fsvars fs2) then Some (n.1, (rem y n.2.1, fs2)) else None
    else Some (n.1, (n.2.1, Dl y x :: fs2))
  else None.
(* the summed variable x gets the fresh name y *)
Definition ren (x y : nat) (n : net) : option net :=
  let l := n.2.1 in let fs := n.2.2 in
  if [&& x \in l, uniq l, y \notin l, y \notin fsvars fs, sg x == sg y & okfs x y fs]
  then Some (n.1, (y :: rem x l, map (sb x y) fs)) else None.
(* summed variables that touch nothing are factors; x == x is 1 *)
Definition loose (n : net) : option net :=
  let l := n.2.1 in let fs := [seq e <- n.2.2 | ~~ triv e] in
  if uniq l then
    Some ((n.1.1, [seq (true, sg k) | k <- l & k \notin fsvars fs] ++ n.1.2), ([seq k <- l | k \in fsvars fs], fs))
  else None.

Lemma dfs_cons e fs v : dfs (e :: fs) v = den e v * dfs fs v. Proof. exact: big_cons. Qed.
Lemma den_isdl x y e v : sg x = sg y -> isdl x y e -> den e v = den (Dl y x) v.
Proof.
move=> s; case: e => // a b /= /orP[] /andP[/eqP -> /eqP ->] //.
by rewrite s eq_sym.
Qed.
Lemma dfs_isdl x y fs v : sg x = sg y ->
  dfs fs v = (if has (isdl x y) fs then den (Dl y x) v else 1) * dfs [seq e <- fs | ~~ isdl x y e] v.
Proof.
move=> s; elim: fs => [|e fs IH]; first by rewrite /= mul1r.
rewrite dfs_cons IH /=; case d: (isdl x y e) => /=; last by rewrite dfs_cons mulrCA.
rewrite (den_isdl v s d) mulrA; congr (_ * _); case: ifP => _; last by rewrite mulr1.
by rewrite /= -natrM mulnb andbb.
Qed.
Lemma dfs_sb x y fs v : sg x = sg y -> okfs x y fs -> dfs (map (sb x y) fs) v = dfs fs (upd v x (v y)).
Proof.
move=> s; elim: fs => [|e fs IH] /=; first by rewrite /dfs !big_nil.
by case/andP=> /andP[nx ny] ok; rewrite !dfs_cons IH // sbP.
Qed.
Lemma dfs_triv fs v : dfs [seq e <- fs | ~~ triv e] v = dfs fs v.
Proof.
elim: fs => //= e fs IH; case: ifP => [_|/negbFE t]; rewrite !dfs_cons IH //.
by case: e t => //= a b /eqP ->; rewrite eqxx mul1r.
Qed.
Lemma okfs_filter x y p fs : okfs x y fs -> okfs x y (filter p fs).
Proof. by elim: fs => //= e fs IH /andP[h /IH k]; case: ifP => //= _; rewrite h. Qed.
Lemma okfsC x y fs : okfs x y fs = okfs y x fs.
Proof. by elim: fs => //= e fs ->; congr (_ && _); apply: andbC. Qed.
Lemma last_sum k l F v : proper F -> k \in l -> uniq l ->
  sums l F v = sums (rem k l) (fun w => \sum_(x : srt (sg k)) F (upd w k (mkv x))) v.
Proof.
move=> pF kl ul; rewrite (sums_perm (m := rem k l ++ [:: k])) ?sums_cat //.
by rewrite perm_sym perm_catC /= perm_sym perm_to_rem.
Qed.

Lemma solveP x y n n' v : solve x y n = Some n' -> wt v -> dnet n v = dnet n' v.
Proof.
case: n => -[z m] [l fs]; rewrite /solve /=; case: ifP => // /and4P[hd nxy /eqP s ok].
have s' := esym s.
set fs2 := [seq e <- _ | _].
have E w : wt w -> dfs fs w = dfs (Dl y x :: fs2) w.
  move=> w_wt; rewrite (dfs_isdl fs w s) hd dfs_cons /fs2 dfs_triv.
  rewrite (dfs_sb _ s') ?okfs_filter // 1?okfsC //.
  rewrite [den _ _]/=; case: eqP => [e|_]; last by rewrite !mul0r.
  congr (_ * _); apply: dfs_agree => k _; rewrite updE; case: eqP => // ->.
  by rewrite -(getV (w_wt y)) e getV // w_wt s.
case: ifP => yl; last first.
  by case=> <- w; rewrite /dnet /=; congr (_ * _); apply: eq_sums.
case: ifP => // /andP[ul yf] [<-] w; rewrite /dnet /=; congr (_ * _).
rewrite (eq_sums _ w E) (last_sum _ (@dfs_proper _) yl ul); apply: eq_sums => // u w_u.
under eq_bigr do rewrite dfs_cons (dfs_upd _ _ yf) [den _ _]/= !updE eqxx (negbTE nxy) getK.
rewrite -mulr_suml (bigD1 (get (sg y) (u x))) //= eqxx big1 ?addr0 ?mul1r // => a /negbTE -> //.
Qed.

Lemma renP x y n n' v : ren x y n = Some n' -> wt v -> dnet n v = dnet n' v.
Proof.
case: n => -[z m] [l fs]; rewrite /ren /=; case: ifP => // /and5P[xl ul yl yf /andP[/eqP s ok]] [<-] w.
rewrite /dnet [n in _ = _ * _ n]/=; congr (_ * _).
rewrite (last_sum _ (@dfs_proper fs) xl ul).
have ux : uniq (y :: rem x l) by rewrite /= rem_uniq // andbT; apply: contra yl; apply: mem_rem.
rewrite [RHS](last_sum (k := y)) ?inE ?eqxx //; last exact: dfs_proper.
rewrite /= eqxx; apply: eq_sums => // u _.
have -> : \sum_(a : srt (sg y)) dfs (map (sb x y) fs) (upd u y (mkv a)) =
          \sum_(a : srt (sg y)) dfs fs (upd u x (mkv a)).
  apply: eq_bigr => a _; rewrite (dfs_sb _ s ok); apply: dfs_agree => k kf.
  rewrite !updE eqxx; case: eqP => // _; case: eqP => // e.
  by rewrite -e kf in yf.
by case: (sg y) / s.
Qed.

Lemma looseP n n' v : loose n = Some n' -> dnet n v = dnet n' v.
Proof.
case: n => -[z m] [l gs]; rewrite /loose /=; case: ifP => // ul [<-]; rewrite /dnet /=.
have -> : sums l (dfs gs) v = sums l (dfs [seq e <- gs | ~~ triv e]) v.
  by elim: l v {ul} => [|k l IH] w /=; [rewrite dfs_triv | apply: eq_bigr].
set fs := [seq e <- gs | _].
rewrite (sums_perm (m := [seq k <- l | k \in fsvars fs] ++ [seq k <- l | k \notin fsvars fs])) //; first last.
- by rewrite perm_sym; apply: permEl; apply: (perm_filterC (fun k => k \in fsvars fs)).
- exact: dfs_proper.
rewrite sums_cat mval_cat -!mulrA; congr (_ * _).
set l0 := [seq k <- l | k \notin _].
have L w : sums l0 (dfs fs) w = mval [seq (true, sg k) | k <- l0] * dfs fs w.
  have : all (fun k => k \notin fsvars fs) l0 by apply: filter_all.
  elim: l0 w => [|k k0 IH] w /=; first by rewrite /mval big_nil mul1r.
  case/andP=> nk h; rewrite mval_cons; under eq_bigr do rewrite (IH _ h) (dfs_upd _ _ nk).
  by rewrite sumr_const -mulrA mulr_natl.
have -> : sums [seq k <- l | k \in fsvars fs] (sums l0 (dfs fs)) v =
          sums [seq k <- l | k \in fsvars fs] (fun w => mval [seq (true, sg k) | k <- l0] * dfs fs w) v.
  by elim: [seq k <- l | k \in fsvars fs] v => [|k k1 IH] w /=; [exact: L | apply: eq_bigr].
by rewrite sums_scale mulrCA.
Qed.

(* ---- coefficients ---- *)
Fixpoint ins (z : int) (m : mono) (p : pol) : pol :=
  match p with [::] => [:: (z, m)] | t :: p' => if perm_eq m t.2 then (z + t.1, t.2) :: p' else t :: ins z m p' end.
Definition pzero (p : pol) := all (fun t => t.1 == 0) (foldr (fun t acc => ins t.1 t.2 acc) [::] p).
Definition pmul (p q : pol) : pol := flatten [seq [seq (a.1 * b.1, a.2 ++ b.2) | b <- q] | a <- p].
Lemma pval_cons t p : pval (t :: p) = t.1%:~R * mval t.2 + pval p. Proof. exact: big_cons. Qed.
Lemma pval_cat p q : pval (p ++ q) = pval p + pval q. Proof. exact: big_cat. Qed.
Lemma insP z m p : pval (ins z m p) = z%:~R * mval m + pval p.
Proof.
elim: p => [|t p IH] /=; first by rewrite /pval big_seq1 big_nil addr0.
case: ifP => [pe|_]; rewrite !pval_cons /=; last by rewrite IH addrCA.
by rewrite intrD mulrDl -addrA; congr (_ * _ + _); rewrite /mval (perm_big _ pe).
Qed.
Lemma pzeroP p : pzero p -> pval p = 0.
Proof.
rewrite /pzero; set q := foldr _ _ _ => h; have -> : pval p = pval q.
  by rewrite /q; elim: p {h q} => //= t p IH; rewrite insP pval_cons IH.
elim: q h => [|t q IH] /=; first by rewrite /pval big_nil.
by case/andP=> /eqP z /IH e; rewrite pval_cons z e mul0r addr0.
Qed.
Lemma pmulP p q : pval (pmul p q) = pval p * pval q.
Proof.
rewrite /pmul; elim: p => [|a p IH] /=; first by rewrite /pval big_nil mul0r.
rewrite pval_cat IH pval_cons mulrDl; congr (_ + _).
elim: q {IH} => [|b q IH] /=; first by rewrite /pval !big_nil mulr0.
by rewrite !pval_cons IH mulrDr /= intrM mval_cat mulrACA.
Qed.

(* ---- the certificate ---- *)
(* for each network: deltas solved, names given, its class, the order of its factors, its boxes;
   for each class: its summed variables and factors, and relations that make its coefficient vanish *)
Inductive hint := Hint of seq hnet & seq hcls
with hnet := HNet of seq (nat * nat) & seq (nat * nat) & nat & seq nat & seq (seq hint)
with hcls := HCls of seq nat & seq ex & seq (pol * nat).

Variable rels : seq pol.
Hypothesis rels0 : forall i, pval (nth [::] rels i) = 0.

Fixpoint steps (f : nat -> nat -> net -> option net) (l : seq (nat * nat)) (n : net) : option net :=
  if l is (x, y) :: l' then if f x y n is Some n' then steps f l' n' else None else Some n.
Lemma stepsP f l n n' v : (forall x y n n', f x y n = Some n' -> dnet n v = dnet n' v) ->
  steps f l n = Some n' -> dnet n v = dnet n' v.
Proof.
move=> h; elim: l n => [|[x y] l IH] n /=; first by case=> ->.
by case E: (f x y n) => [m|] // /IH <-; apply: h E.
Qed.

Section Match.
Variable chk : ex -> hint -> bool.
Fixpoint cleq (ss : seq (seq nat)) (c c' : cl) (h : seq hint) : bool :=
  match c, c', ss, h with
  | Nl, Nl, [::], _ => true
  | Cl bs e d, Cl bs' e' d', s :: ss, h :: hs =>
      [&& bs == bs', map sg bs == s, chk (Ad e (Op e')) h & cleq ss d d' hs]
  | _, _, _, _ => false
  end.
Definition feq (e e' : ex) (h : seq hint) : bool :=
  match e, e' with
  | At a l, At a' l' => (a == a') && (l == l')
  | Dl x y, Dl x' y' => (x == x') && (y == y') || [&& x == y', y == x' & sg x == sg y]
  | Fn f l c, Fn f' l' c' => [&& f == f', l == l' & csame c c' || cleq (fsg f) c c' h]
  | _, _ => false
  end.
Fixpoint fseq (fs gs : seq ex) (h : seq (seq hint)) : bool :=
  match fs, gs with
  | [::], [::] => true
  | f :: fs, g :: gs => feq f g (head [::] h) && fseq fs gs (behead h)
  | _, _ => false
  end.
Definition matches (n : net) (h : hnet) (c : hcls) : bool :=
  let: HNet _ _ _ p hb := h in let: HCls l gs _ := c in
  [&& uniq n.2.1, perm_eq n.2.1 l, perm_eq p (iota 0 (size n.2.2)) &
      fseq [seq nth (Nt 0) n.2.2 i | i <- p] gs hb].
Definition process (n : net) (h : hnet) : option net :=
  let: HNet ss rs _ _ _ := h in
  if steps solve ss n is Some n1 then if loose n1 is Some n2 then steps ren rs n2 else None else None.
Definition cls (h : hnet) := let: HNet _ _ c _ _ := h in c.
Definition cls0 := HCls [::] [::] [::].
(* the coefficients of class c among the networks *)
Fixpoint gather (cs : seq hcls) (ns : seq net) (hs : seq hnet) (acc : seq pol) : option (seq pol) :=
  match ns, hs with
  | [::], [::] => Some acc
  | n :: ns, h :: hs =>
      if process n h is Some n' then
        if (cls h < size cs)%N && matches n' h (nth cls0 cs (cls h))
        then gather cs ns hs (set_nth [::] acc (cls h) (n'.1 :: nth [::] acc (cls h))) else None
      else None
  | _, _ => None
  end.
Definition vanish (c : hcls) (p : pol) :=
  let: HCls _ _ q := c in pzero (p ++ flatten [seq pmul t.1 (nth [::] rels t.2) | t <- q]).
Definition check1 (e : ex) (h : hint) : bool :=
  let: Hint hs cs := h in
  if nf e is Some ns then
    if gather cs ns hs (nseq (size cs) [::]) is Some ps then all2 vanish cs ps else false
  else false.

Hypothesis chkP : forall e h v, chk e h -> wt v -> den e v = 0.

Lemma upds_wt v bs xs : wt v -> map (@projT1 _ _) xs = map sg bs -> wt (upds v bs xs).
Proof.
elim: bs xs v => [|b bs IH] [|x xs] v //= w [e es]; apply: IH => // j.
by rewrite updE; case: eqP => [->|_].
Qed.
Lemma cleqP ss c c' h v : cleq ss c c' h -> wt v ->
  size (dcl c v) = size (dcl c' v) /\
  forall i xs, map (@projT1 _ _) xs = nth [::] ss i -> nth cell0 (dcl c v) i xs = nth cell0 (dcl c' v) i xs.
Proof.
move=> + w; elim: ss c c' h => [|s ss IH] [|bs e c] [|bs' e' c'] [|h hs] //=.
case/and4P=> /eqP <- /eqP es ce cc; have [sz nt] := IH _ _ _ cc; split; first by rewrite sz.
case=> [|i] xs //= tx; last exact: nt.
have u : wt (upds v bs xs) by apply: upds_wt; rewrite // tx es.
by apply/eqP; rewrite -subr_eq0; apply/eqP; apply: (chkP ce u).
Qed.
Lemma feqP e e' h v : feq e e' h -> wt v -> den e v = den e' v.
Proof.
move=> + w; case: e e' => // [a l|x y|f l c] [] //= .
- by move=> a' l' /andP[/eqP <- /eqP <-].
- move=> x' y' /orP[/andP[/eqP <- /eqP <-] //|/and3P[/eqP <- /eqP <- /eqP s]].
  by rewrite s eq_sym.
- move=> f' l' c' /and3P[/eqP <- /eqP <- /orP[/same_mut.2 <- //|/cleqP k]]; have [sz nt] := k _ w.
  exact: fnv_ext.
Qed.
Lemma fseqP fs gs h v : fseq fs gs h -> wt v -> dfs fs v = dfs gs v.
Proof.
move=> + w; elim: fs gs h => [|f fs IH] [|g gs] h //= /andP[fg /IH e].
by rewrite !dfs_cons e (feqP fg w).
Qed.
Definition cval (c : hcls) v := let: HCls l gs _ := c in sums l (dfs gs) v.
Lemma matchesP n h c v : matches n h c -> wt v -> dnet n v = n.1.1%:~R * mval n.1.2 * cval c v.
Proof.
case: n h c => -[z m] [l fs] [ss rs k p hb] [lc gs q] /=; rewrite /dnet /= => /and4P[ul pl pp fq] w.
congr (_ * _); rewrite -(sums_perm _ (@dfs_proper gs) pl ul); apply: eq_sums => // u wu.
rewrite -(fseqP fq wu) /dfs big_map (perm_big _ pp) /= .
by rewrite (big_nth (Nt 0)) /index_iota subn0.
Qed.
Lemma processP n h n' v : process n h = Some n' -> wt v -> dnet n v = dnet n' v.
Proof.
case: h => ss rs c p hb /=; case E: (steps solve ss n) => [n1|] //; case F: (loose n1) => [n2|] // G w.
rewrite (stepsP _ E) => [|x y a b h]; last exact: solveP h w.
rewrite (looseP _ F) (stepsP _ G) // => x y a b h; exact: renP h w.
Qed.
Lemma gatherP cs ns hs acc ps v : wt v -> size acc = size cs -> gather cs ns hs acc = Some ps ->
  size ps = size cs /\
  \sum_(n <- ns) dnet n v + \sum_(i < size cs) pval (nth [::] acc i) * cval (nth cls0 cs i) v
    = \sum_(i < size cs) pval (nth [::] ps i) * cval (nth cls0 cs i) v.
Proof.
move=> w; elim: ns hs acc => [|n ns IH] [|h hs] acc //= sz.
  by case=> <-; rewrite big_nil add0r.
case E: (process n h) => [n'|] //; case: ifP => // /andP[lt mt] g.
have sz' : size (set_nth [::] acc (cls h) (n'.1 :: nth [::] acc (cls h))) = size cs.
  by rewrite size_set_nth sz; apply/maxn_idPr.
have [s <-] := IH _ _ sz' g; split=> //.
rewrite big_cons (processP E w) (matchesP mt w) -addrA addrCA; congr (_ + _).
rewrite (bigD1 (Ordinal lt)) //= [RHS](bigD1 (Ordinal lt)) //= nth_set_nth /= eqxx pval_cons mulrDl addrA.
by congr (_ + _); apply: eq_bigr => i ni; rewrite nth_set_nth /= (negbTE (_ : (i : nat) != cls h)).
Qed.
Lemma vanishP c p : vanish c p -> pval p = 0.
Proof.
case: c => l gs q /= /pzeroP; rewrite pval_cat => e; rewrite -[LHS]addr0 -[RHS]e; congr (_ + _).
elim: q {e} => [|t q IH] /=; first by rewrite /pval big_nil.
by rewrite pval_cat -IH pmulP rels0 mulr0 addr0.
Qed.
Lemma check1P e h v : check1 e h -> wt v -> den e v = 0.
Proof.
case: h => hs cs /=; case E: (nf e) => [ns|] //; case G: (gather _ _ _ _) => [ps|] // a w.
rewrite (nfP E); have [sz] := gatherP w (size_nseq _ _) G.
have -> : \sum_(i < size cs) pval (nth [::] (nseq (size cs) [::]) i) * cval (nth cls0 cs i) v = 0.
  by rewrite big1 // => i _; rewrite nth_nseq ltn_ord /pval big_nil mul0r.
rewrite addr0 => ->; rewrite big1 // => i _.
suff -> : pval (nth [::] ps i) = 0 by rewrite mul0r.
elim: cs ps i {E G sz} a => [|c cs IH] [|p ps] [[|i] lt] //= /andP[vc a]; first exact: vanishP vc.
exact: (IH ps (@Ordinal (size cs) i lt) a).
Qed.
End Match.

Fixpoint check (fuel : nat) (e : ex) (h : hint) : bool :=
  if fuel is f.+1 then check1 (check f) e h else false.
Lemma checkP fuel e h v : check fuel e h -> wt v -> den e v = 0.
Proof. by elim: fuel e h v => //= f IH e h v; apply: check1P. Qed.
Theorem check_sound fuel a b h v : wt v -> check fuel (Ad a (Op b)) h -> den a v = den b v.
Proof. by move=> w /checkP /(_ w) /= /eqP; rewrite subr_eq0 => /eqP. Qed.

(* what a script uses: the values of the variables at the boundary, and equal expressions there *)
Definition start (bs : seq nat) (xs : seq val) : env := upds (fun k => mkv (df (sg k))) bs xs.
Theorem decide fuel a b h bs xs : map (@projT1 _ _) xs = map sg bs -> check fuel (Ad a (Op b)) h ->
  den a (start bs xs) = den b (start bs xs).
Proof. by move=> e; apply: check_sound; apply: upds_wt. Qed.

(* a relation among numbers, from its reading as an expression *)
Definition relcheck (e : ex) (p : pol) : bool :=
  if nf e is Some ns then
    all (fun n : net => nilp n.2.1 && nilp n.2.2) ns && pzero (p ++ [seq (- n.1.1, n.1.2) | n <- ns])
  else false.
Lemma relP e p v : relcheck e p -> den e v = 0 -> pval p = 0.
Proof.
rewrite /relcheck; case E: (nf e) => [ns|] // /andP[a /pzeroP]; rewrite pval_cat => z e0.
rewrite (nfP E) in e0; suff h : pval [seq (- n.1.1, n.1.2) | n <- ns] = - \sum_(n <- ns) dnet n v.
  by rewrite h e0 oppr0 addr0 in z.
elim: ns {E z e0} a => [|n ns IH] /=; first by rewrite /pval !big_nil oppr0.
case/andP=> /andP[/nilP l /nilP f] /IH {}IH; rewrite pval_cons big_cons opprD -IH /dnet l f /=.
by rewrite /dfs big_nil mulr1 mulrNz mulNr.
Qed.
End Semantics.
Lemma sub0 (R : comRingType) (a b : R) : a = b -> a + - b = 0. Proof. by move=> ->; rewrite subrr. Qed.
(* one use of a known equation x = y *)
Lemma use1 (R : comRingType) (a b c x y : R) : a = b + c * (x + - y) -> x = y -> a = b.
Proof. by move=> -> ->; rewrite subrr mulr0 addr0. Qed.

Notation "I [x] J" := (prod_finType I J) (at level 35, right associativity).
Notation "I [+] J" := (sum_finType I J) (at level 36, right associativity).
Notation one := unit_finType.
Notation ord k := (ordinal_finType k).
Ltac cases := cbv beta iota; repeat match goal with |- context [match ?x with _ => _ end] => is_var x; destruct x; cbv beta iota end.
(* a proof of what is to be shown, word by word: no conversion is tried *)
Ltac as_stated p :=
  let P := type of p in
  lazymatch goal with |- ?G => first [constr_eq P G | fail 1 "the step states something else"] end;
  exact p.
(* the value of a function depends on the values of its cells alone *)
Ltac by_cells :=
  let f := fresh in let l := fresh in let c := fresh in let d := fresh in let es := fresh in let en := fresh in
  let p := fresh in
  intros f l c d es en;
  repeat (match goal with |- (match ?x with _ => _ end) = _ => destruct x; try reflexivity end);
  match goal with |- fun_of_fin (?g _) ?i = _ => congr (fun_of_fin (g _) i) end;
  apply/ffunP => p; rewrite !ffunE; cases; apply: en; reflexivity.
