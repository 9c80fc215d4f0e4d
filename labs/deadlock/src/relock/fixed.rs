//! Only one of the two functions locks; the other says that it must be called so.

use labkit::Call;
use libc::{PTHREAD_MUTEX_ERRORCHECK, pthread_mutex_init, pthread_mutex_lock, pthread_mutex_t};
use libc::{pthread_mutex_unlock, pthread_mutexattr_init, pthread_mutexattr_settype};
use nix::errno::Errno;
use std::mem::zeroed;

struct Shop {
    lock: pthread_mutex_t,
    stock: u32,
}

pub fn main() -> labkit::Result {
    // SAFETY: plain numbers, and both are initialised before they are used.
    let (mut shop, mut attr) = unsafe { (zeroed::<Shop>(), zeroed()) };
    // SAFETY: both stay where they are; nobody else knows them yet.
    unsafe {
        done(pthread_mutexattr_init(&mut attr)).call("pthread_mutexattr_init")?;
        let kind = PTHREAD_MUTEX_ERRORCHECK;
        done(pthread_mutexattr_settype(&mut attr, kind)).call("pthread_mutexattr_settype")?;
        done(pthread_mutex_init(&mut shop.lock, &attr)).call("pthread_mutex_init")?;
    }
    shop.stock = 10;
    sell(&mut shop)?;
    sell(&mut shop)?;
    assert_eq!(shop.stock, 8);
    Ok(())
}

fn sell(shop: &mut Shop) -> labkit::Result {
    // SAFETY: a mutex that was made.
    done(unsafe { pthread_mutex_lock(&mut shop.lock) }).call("pthread_mutex_lock")?;
    shop.stock -= 1;
    println!("sold one");
    report(shop)?;
    // SAFETY: as above.
    done(unsafe { pthread_mutex_unlock(&mut shop.lock) }).call("pthread_mutex_unlock")
}

/// The caller holds the lock.
fn report(shop: &mut Shop) -> labkit::Result {
    println!("left in stock: {}", shop.stock);
    Ok(())
}

/// The pthread calls give back the errno itself.
fn done(answer: i32) -> nix::Result<()> {
    (answer == 0).then_some(()).ok_or(Errno::from_raw(answer))
}
